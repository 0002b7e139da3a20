/** What stands inside a thing that a member has made (the tasks of a project), changed by another who knows its id. */
import { demand } from '../../errors.ts';
import type { Answer } from '../../user-agents/http.ts';
import { formKey, formsIn } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { LabFixtures } from '../check.ts';
import { filledWith, isDynamic, mayBeDoor } from './crawl.ts';
import { firstBody } from './make-by-posts.ts';
import { filledIn, formsOf } from './member-forms.ts';
import { newWord } from './new-word.ts';
import { isOnPage, type OwnThing, tellsSame } from './own-collections.ts';
import { REACHES_OUT } from './reaches-out.ts';
import { send } from './send.ts';
import type { Survey } from './survey.ts';

type Lab = LabFixtures['lab'];

const THINGS_MAX = 2;
const IDS_MAX = 6;
const TEMPLATES_MAX = 8;
const FORMS_MAX = 4;

/** Addresses of an API that name one thing. */
const templatesOf = (lab: Lab): string[] =>
  [
    ...new Set([
      ...(lab.routes?.writes ?? []),
      ...[...(lab.routes?.paths ?? []), ...(lab.routes?.posts ?? [])].map(({ path }) => path),
    ]),
  ]
    .filter(
      (path) =>
        /\/api\//.test(path) &&
        isDynamic(path.slice(path.lastIndexOf('/'))) &&
        !isDynamic(path.slice(0, path.lastIndexOf('/') + 1)) &&
        mayBeDoor(filledWith(path, '1'), lab),
    )
    .slice(0, TEMPLATES_MAX);

/** Texts that may be ids: of letters and figures, or figures in an attribute, or an address, that holds one. */
const LONG = /(?<![\w-])(?=[\w-]*\d)[A-Za-z0-9][\w-]{7,39}(?![\w-])/g;
const SHORT = /\b(?:data-[\w-]*id|value|href|action)=["'][^"']*?(?<![\w-])(\d{1,12})["'/?]/g;

/** UUIDs, hexadecimal keys (MongoDB) and numbers. */
const KEY = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24}|\d+)$/i;

const idsIn = (html: string): Set<string> =>
  new Set([
    ...[...html.matchAll(LONG)].map(([id]) => id),
    ...[...html.matchAll(SHORT)].flatMap(([, id]) => id ?? []),
  ]);

/** A page that is refused for a while, or that fails, says nothing of what stands on it. */
const isThere = ({ status, text }: Answer, word: string): boolean =>
  text.includes(word) || (status >= 400 && status !== 404 && status !== 410);

/** Has a member write into the forms of something that they have made: the tasks of a project, the comments of a note. */
export async function writeInto(
  { path }: Pick<OwnThing, 'path'>,
  first: Visitor,
  word: string,
  { survey, lab }: { survey: Survey; lab: Lab },
): Promise<void> {
  const known = new Set((await formsOf(first, survey)).map(({ form }) => formKey(form)));
  const { text, url } = await first.get(path);
  const forms = formsIn(text, url, lab.app.basePath).filter(
    (form) => form.texts.length > 0 && !known.has(formKey(form)) && !REACHES_OUT.test(form.action),
  );
  for (const form of forms.slice(0, FORMS_MAX)) await send(first, lab.app.origin, filledIn(form, word));
}

/**
 * Another member, who is refused a thing of the first, changes and takes away what stands inside it, by the addresses that sources
 * name and the ids that its page shows the first.
 *
 * @returns addresses that left it as it was
 * @throws ConformanceFailure when the first is shown what the other said, or misses what they had written
 */
export async function changedWithin(
  things: readonly OwnThing[],
  { first, other, headers }: { first: Visitor; other: Visitor; headers: Record<string, string> },
  survey: Survey,
  lab: Lab,
): Promise<string[]> {
  const templates = templatesOf(lab);
  const tried: string[] = [];
  const ofPages = things.filter(isOnPage).slice(0, THINGS_MAX);
  if (templates.length === 0 || ofPages.length === 0) return tried;
  const before = new Map(ofPages.map((thing) => [thing, idsIn(thing.first?.text ?? '')]));
  const word = newWord();
  for (const thing of ofPages) {
    await writeInto(thing, first, word, { survey, lab });
    const { text } = await first.get(thing.path);
    if (!text.includes(word) || tellsSame(await other.get(thing.path), thing)) continue;
    // What is another one each time that the page is opened (a nonce, a token) is no id.
    const steady = idsIn((await first.get(thing.path)).text);
    const fresh = [...idsIn(text)].filter(
      (id) => steady.has(id) && !before.get(thing)?.has(id) && !thing.path.includes(id) && !id.includes(word),
    );
    // Keys of databases come before words that only hold a figure.
    const ids = fresh.sort((one, two) => Number(KEY.test(two)) - Number(KEY.test(one)));
    for (const path of ids.slice(0, IDS_MAX).flatMap((id) => templates.map((each) => filledWith(each, id)))) {
      const theirs = newWord();
      const json = firstBody(theirs);
      for (const method of ['PATCH', 'PUT', 'DELETE']) {
        await send(other, lab.app.origin, { path, method, headers, ...(method !== 'DELETE' && { json }) });
        const now = await first.get(thing.path);
        demand(
          !now.text.includes(theirs),
          `Let another member write into what belongs to a member: what ${method} ${path} said is shown at ${thing.path}, which that one is refused.`,
        );
        demand(
          isThere(now, word) || isThere(await first.get(thing.path), word),
          `Let another member take away what belongs to a member: after ${method} ${path} it is gone from ${thing.path}, which that one is refused.`,
        );
      }
      tried.push(path);
    }
  }
  return tried;
}
