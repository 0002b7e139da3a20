/** Files that members upload, asked for at the addresses at which the app gives them out: no pages, and no scripts, of its own origin. */

import { parse } from 'parse5';
import { demand } from '../../errors.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Answer } from '../../user-agents/http.ts';
import { encodeForm, type UploadedFile } from '../../visitor/encode-form.ts';
import {
  attribute,
  elements,
  type Form,
  formKey,
  formsIn,
  LEFT_ALONE,
  withWritten,
} from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import {
  filledWith,
  idsIn,
  isDynamic,
  linkedThings,
  linksIn,
  mayBeDoor,
  spokenRoutes,
} from '../doors/crawl.ts';
import type { Ask } from '../doors/door.ts';
import { pagesOfMembers } from '../doors/member-forms.ts';
import { REACHES_OUT } from '../doors/reaches-out.ts';
import { send } from '../doors/send.ts';
import type { Survey } from '../doors/survey.ts';
import { findDoors } from '../doors/try-approach.ts';
import { newMember } from '../doors/walk-around.ts';
import { injections, madeReal, newMark } from '../injected-markup.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'notApplicable'> & Pick<LabFixtures, 'lab'>;

const FORMS_MAX = 6;
const ADDRESSES_MAX = 24;

/** One way to send a file: a form of a page, or a path whose source reads a form with files. */
export interface Upload {
  /** The page that shows what was sent, as far as one is known. */
  page?: string;
  /** As it is called in the report. */
  name: string;
  form: Form;
}

/**
 * Files with a page in them, as people would send them who want it to be one: plainly, as a drawing, and called a picture.
 *
 * @param mark what the page would call (see {@link newMark})
 * @param word what the files are called
 */
export function pagesAsFiles(mark: string, word: string): UploadedFile[] {
  const html = `<!doctype html><title>x</title>${injections(mark)[0]}<script>${mark}()</script>`;
  return [
    { name: `${word}.html`, type: 'text/html', content: html },
    {
      name: `${word}.svg`,
      type: 'image/svg+xml',
      content: `<svg xmlns="http://www.w3.org/2000/svg" onload="${mark}()"><script>${mark}()</script></svg>`,
    },
    { name: `${word}.html`, type: 'image/png', content: html },
    { name: `${word}.html`, type: 'image/gif', content: `GIF89a/* */${html}` },
  ];
}

const header = ({ headers }: Pick<Answer, 'headers'>, name: string) =>
  String(headers[name] ?? '').toLowerCase();

/**
 * Whether a browser that opens an answer runs what stands in it, as the app: a page or a drawing, neither to be saved nor in a
 * sandbox (MIME Sniffing §7, CSP `sandbox`).
 */
export function runsInApp(answer: Pick<Answer, 'status' | 'headers' | 'text'>, mark: string): boolean {
  if (answer.status !== 200 || !answer.text.includes(mark)) return false;
  const type = header(answer, 'content-type').split(';')[0]?.trim() ?? '';
  const isGuessed = type === '' && header(answer, 'x-content-type-options') !== 'nosniff';
  const isPage = /^(?:text\/html|application\/xhtml\+xml|image\/svg\+xml|(?:text|application)\/xml)$/.test(
    type,
  );
  if (!isPage && !isGuessed) return false;
  if (/^\s*attachment/.test(header(answer, 'content-disposition'))) return false;
  const policy = header(answer, 'content-security-policy');
  const sandbox = /(?:^|;)\s*sandbox\b([^;]*)/.exec(policy)?.[1];
  if (sandbox !== undefined && !/(?=.*allow-scripts)(?=.*allow-same-origin)/.test(sandbox)) return false;
  // Scripts that stand in the file itself are what these policies keep from running.
  const scripts = /(?:^|;)\s*(?:script-src|default-src)\s([^;]*)/.exec(policy)?.[1];
  // A nonce or a hash beside 'unsafe-inline' takes it back (CSP3 §6.7.3.2).
  if (scripts !== undefined && (!scripts.includes("'unsafe-inline'") || /'(?:nonce|sha\d+)-/.test(scripts)))
    return false;
  return madeReal(answer.text, mark).length > 0;
}

interface Sent {
  word: string;
  mark: string;
  /** As the way by which it was sent is called. */
  by: string;
}

/** What pages load and link to, on the same origin. */
function addressesIn(html: string, base: URL): string[] {
  const found = new Set<string>();
  for (const element of elements(parse(html)))
    for (const name of ['href', 'src', 'data', 'poster']) {
      const to = attribute(element, name);
      if (!to || element.tagName === 'link' || element.tagName === 'script' || !URL.canParse(to, base))
        continue;
      const url = new URL(to, base);
      if (url.origin === base.origin) found.add(url.pathname + url.search);
    }
  return [...found];
}

/** Texts in data that are addresses of the app. */
function addressesInData(text: string, base: URL): string[] {
  const quoted = [...text.matchAll(/"((?:https?:)?\/[^"\\\s]{1,300})"/g)].flatMap(([, to]) => to ?? []);
  return quoted.flatMap((to) => {
    const url = URL.canParse(to, base) ? new URL(to, base) : undefined;
    return url?.origin === base.origin ? [url.pathname + url.search] : [];
  });
}

/** The forms of members' pages that take a file. */
async function formsWithFiles(member: Visitor, survey: Survey, lab: LabDescription): Promise<Upload[]> {
  const found = new Map<string, Upload>();
  const links: { path: string; page: string }[] = [];
  const lookAt = async (path: string) => {
    const answer = await member.get(path);
    if (answer.status >= 300) return;
    links.push(...linksIn(answer.text, answer.url).map((to) => ({ path: to, page: path })));
    for (const form of formsIn(answer.text, answer.url, lab.app.basePath))
      if (form.multipart && form.files && !REACHES_OUT.test(form.action) && !found.has(formKey(form)))
        found.set(formKey(form), { page: path, name: `the form of ${path}`, form });
  };
  for (const path of pagesOfMembers(survey)) await lookAt(path);
  for (const { path } of linkedThings(lab, links, spokenRoutes(lab)).slice(0, FORMS_MAX)) await lookAt(path);
  return [...found.values()].slice(0, FORMS_MAX);
}

/** Paths whose source reads a form with files, which a script of a page would send. */
function pathsWithFiles(lab: LabDescription, known: readonly Upload[]): Upload[] {
  const taken = new Set(known.map(({ form }) => form.action.split('?')[0]));
  return (lab.routes?.posts ?? [])
    .filter(
      ({ path, fileFields }) =>
        fileFields && !isDynamic(path) && !taken.has(path) && !LEFT_ALONE.test(path) && mayBeDoor(path, lab),
    )
    .flatMap(({ path, fileFields = [] }) =>
      fileFields.map((field) => ({
        name: `POST ${path}`,
        form: { action: path, fields: {}, multipart: true, texts: [], files: { [field]: '' } },
      })),
    )
    .slice(0, FORMS_MAX);
}

/** Addresses at which somebody has one file: their picture, the logo of their team. */
const ONE_FILE = /\/(?:avatar|photo|picture|image|logo|cover|banner|icon|file)\/?$/i;

/** A file as a script sends it without a form: as the whole body. */
const sentAlone = (path: string, { type, content }: UploadedFile): Ask[] =>
  ['PUT', 'POST'].map((method) => ({ path, method, headers: { 'content-type': type }, body: content }));

/** Where a file that was sent may be given out: what the answer names, what pages show since, and the usual folders. */
async function placesOf(
  answer: Answer,
  { page }: Pick<Upload, 'page'>,
  file: UploadedFile,
  {
    member,
    survey,
    lab,
    before,
  }: { member: Visitor; survey: Survey; lab: LabDescription; before: Set<string> },
): Promise<string[]> {
  const base = new URL(lab.app.origin);
  const named = [...addressesInData(answer.text, base), ...addressesIn(answer.text, base)];
  const dynamic = (lab.routes?.paths ?? []).filter(({ path }) => isDynamic(path));
  const ids = idsIn(answer.text);
  const byId = ids.flatMap((id) => dynamic.map(({ path }) => filledWith(path, id)));
  const landed =
    answer.location?.origin === lab.app.origin ? [answer.location.pathname + answer.location.search] : [];
  const doors = survey.doors.filter(({ isPage }) => isPage).map(({ path }) => path);
  const shown: string[] = [];
  for (const path of new Set([...landed, ...(page ? [page] : []), ...doors].slice(0, 8))) {
    const seen = await member.get(path).catch(() => undefined);
    if (seen && seen.status < 300)
      shown.push(...addressesIn(seen.text, seen.url), ...addressesInData(seen.text, base));
  }
  const since = shown.filter((each) => !before.has(each));
  const mayHold = (path: string) =>
    !LEFT_ALONE.test(path) && !path.startsWith(`${lab.app.basePath}/`) && !path.startsWith('/_next/');
  const usual = ['uploads', 'files', 'avatars', 'media'].map((folder) => `/${folder}/${file.name}`);
  return [...new Set([...named, ...since, ...byId.filter(mayHold), ...usual].filter(mayHold))].slice(
    0,
    ADDRESSES_MAX,
  );
}

/** Paths that may take a file as the whole body, and give it out again. */
const pathsOfOneFile = (lab: LabDescription): string[] =>
  [...(lab.routes?.paths ?? []), ...(lab.routes?.posts ?? [])]
    .map(({ path }) => path)
    .filter(
      (path, at, all) =>
        ONE_FILE.test(path) && !isDynamic(path) && mayBeDoor(path, lab) && all.indexOf(path) === at,
    )
    .slice(0, FORMS_MAX);

/** No file that a member sends is given out as a page that runs on the origin of the app. */
export async function givesFilesAsFiles(body: Body): Promise<void> {
  const { step, notApplicable, lab } = body;
  const survey = await findDoors(body);
  const member = await newMember(body);
  const uploads = await formsWithFiles(member, survey, lab);
  uploads.push(...pathsWithFiles(lab, uploads));
  const alone = pathsOfOneFile(lab);
  if (uploads.length + alone.length === 0)
    notApplicable('no form of a member takes a file, and no source of a path reads one');
  const before = new Set(
    [...survey.pages.values()].flatMap((text) => addressesIn(text, new URL(lab.app.origin))),
  );
  const outcome = await step(
    'approach',
    async () => {
      const count = { taken: 0, given: 0 };
      const lookFor = async (file: UploadedFile, { word, mark, by }: Sent, places: readonly string[]) => {
        for (const place of places) {
          const given = await send(member, lab.app.origin, { path: place });
          if (!given?.text.includes(mark)) continue;
          count.given += 1;
          demand(
            !runsInApp(given, mark),
            () =>
              `Took ${file.name.replace(word, 'a-file')} as ${file.type} by ${by}, and gave it out at ${place.replaceAll(word, 'a-file')} as ${header(given, 'content-type') || 'what a browser guesses'}: the script in it runs as the app.`,
          );
        }
      };
      for (const upload of uploads) {
        const [word, mark] = [newMark(), newMark()];
        for (const file of pagesAsFiles(mark, word)) {
          const fields = withWritten(upload.form, () => word);
          const { type, body: sent } = encodeForm({ ...upload.form, fields }, file);
          const ask = {
            path: upload.form.action,
            method: 'POST',
            headers: { 'content-type': type },
            body: sent,
          };
          const answer = await send(member, lab.app.origin, ask);
          if (!answer || answer.status >= 400) continue;
          count.taken += 1;
          const places = await placesOf(answer, upload, file, { member, survey, lab, before });
          await lookFor(file, { word, mark, by: upload.name }, places);
        }
      }
      for (const path of alone) {
        const [word, mark] = [newMark(), newMark()];
        for (const file of pagesAsFiles(mark, word))
          for (const ask of sentAlone(path, file)) {
            const answer = await send(member, lab.app.origin, ask);
            if (!answer || answer.status >= 400) continue;
            count.taken += 1;
            const by = `${ask.method} ${path}`;
            const places = await placesOf(answer, {}, file, { member, survey, lab, before });
            await lookFor(file, { word, mark, by }, [path, ...places]);
          }
      }
      return count;
    },
    ({ taken, given }) =>
      `Took ${taken} files with a page in them, and gave ${given} of them out again as what they are.`,
  );
  if (outcome.taken === 0) notApplicable('the app took none of the files that hold a page');
  if (outcome.given === 0) notApplicable('no address was found at which the app gives out what was sent');
}
