/** Forms and server actions of members' pages, posted by nobody. */
import { ConformanceFailure } from '../../errors.ts';
import type { Answer } from '../../user-agents/http.ts';
import { encodeForm } from '../../visitor/encode-form.ts';
import { type Form, formKey, formsIn, LEFT_ALONE } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { percentDecoded } from '../issued-in.ts';
import type { Ask, Door } from './door.ts';
import { actionsIn, actionsInScript, actionsLeftAlone as leftAlone, scriptsOf } from './harvest.ts';
import { idsOnPage } from './ids-on-pages.ts';
import { saidIn, shownIn } from './judge.ts';
import { hasFigures, personalOf, textsIn } from './marks.ts';
import { send } from './send.ts';
import type { Survey } from './survey.ts';
import { askedHow, findDoors } from './try-approach.ts';
import { newMember } from './walk-around.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'notApplicable'> & Pick<LabFixtures, 'lab'>;

const POSTS_MAX = 12;
const SCRIPTS_MAX = 60;

/** One thing to post, and the door whose page it was found on. */
export interface Post {
  door: Door;
  ask: Ask;
  /** As it is called in the report. */
  name: string;
}

/** A form as it is posted. */
export const postOf = (form: Form): Ask => {
  const { type, body } = encodeForm(form);
  return { path: form.action, method: 'POST', headers: { 'content-type': type }, body };
};

/** The forms of members' pages that no stranger's page has. */
export function formPosts({ doors, pages, publicPages, grounds }: Survey): Post[] {
  const base = (path: string) => new URL(path, grounds.origin);
  const known = new Set(
    publicPages.flatMap((page) => formsIn(page, base('/'), grounds.basePath)).map(formKey),
  );
  return doors
    .filter(({ isPage }) => isPage)
    .flatMap((door) =>
      formsIn(pages.get(door.path) ?? '', base(door.path), grounds.basePath).flatMap((form) => {
        if (known.has(formKey(form))) return [];
        known.add(formKey(form));
        return [{ door, ask: postOf(form), name: `the form of ${door.path}` }];
      }),
    )
    .slice(0, POSTS_MAX);
}

/** A call of a server action without arguments, as the client of Next.js makes it. */
const callOf = (id: string, path: string): Ask => ({
  path,
  method: 'POST',
  headers: { 'next-action': id, 'content-type': 'text/plain;charset=UTF-8', accept: 'text/x-component' },
  body: '[]',
});

/** The server actions that members' pages, or their scripts, name and no stranger's page does. */
export async function actionPosts({ doors, pages, publicPages }: Survey, stranger: Visitor): Promise<Post[]> {
  const shared = new Set(publicPages.flatMap(scriptsOf));
  const known = new Set(publicPages.flatMap(actionsIn));
  const posts: Post[] = [];
  let scripts = 0;
  for (const door of doors.filter(({ isPage }) => isPage)) {
    const page = pages.get(door.path) ?? '';
    const found = actionsIn(page)
      .filter((id) => !leftAlone(page).includes(id))
      .map((id) => ({ id, name: '' }));
    for (const script of scriptsOf(page)) {
      if (shared.has(script) || scripts >= SCRIPTS_MAX) continue;
      shared.add(script);
      scripts += 1;
      found.push(...actionsInScript((await stranger.get(script)).text));
    }
    for (const { id, name } of found) {
      if (known.has(id) || LEFT_ALONE.test(name)) continue;
      known.add(id);
      posts.push({
        door,
        ask: callOf(id, door.path),
        name: `the server action ${name || `${id.slice(0, 8)}…`} of ${door.path}`,
      });
    }
  }
  return posts.slice(0, POSTS_MAX);
}

/** Texts of an answer, also in the rows that React sends (`1:{"total":"…"}`). */
export const textsOfAnswer = ({ text }: Pick<Answer, 'text'>): string[] => {
  const rows = text.split('\n').flatMap((row) => {
    const value = /^[0-9a-f]+:(?=["[{])/.exec(row);
    return value ? textsIn(row.slice(value[0].length)) : [];
  });
  return rows.length ? [...new Set(rows)] : textsIn(text);
};

/** What a member gets for a post beyond what strangers get anywhere. */
const gainOf = (answer: Answer, { publicPages }: Survey): string[] =>
  answer.status < 400
    ? textsOfAnswer(answer).filter(
        (text) => hasFigures(text) && !publicPages.some((page) => page.includes(text)),
      )
    : [];

export interface Outcome {
  post: Post;
  /** What it showed to nobody that is for members. */
  shown: string[];
  /** It did for nobody what it does for a member: the same redirect, which leads to no sign-in. */
  same?: string;
}

/** A form action of SvelteKit as `use:enhance` calls it: what it did is answered, and no page is rendered after it. */
const ENHANCED = { accept: 'application/json', 'x-sveltekit-action': 'true' };
const isOfKit = (page = '') => /\b__sveltekit_\w+/.test(page);
export const succeeded = ({ status, text }: Pick<Answer, 'status' | 'text'>): boolean =>
  status === 200 && /^\s*\{\s*"type"\s*:\s*"success"/.test(text);

/** Where a post leads, unless that is the home page or a place where strangers are sent. */
const redirectOf = ({ url, location, headers }: Answer): string | undefined => {
  const given = location?.href ?? String(headers['x-action-redirect'] ?? '').split(';')[0] ?? '';
  if (!given || !URL.canParse(given, url)) return undefined;
  const to = new URL(given, url).pathname;
  return to !== '/' && !/sign|log|auth|error/i.test(to) ? to : undefined;
};

/** Values of the cookies that an answer sets, as they would be read. */
const cookieValues = ({ setCookies }: Pick<Answer, 'setCookies'>): string[] =>
  setCookies.map((line) => percentDecoded(/^[^=]*=([^;]*)/.exec(line)?.[1] ?? ''));

/**
 * Whether a post was kept in the browser that sent it, whoever that is: a theme, a language, what was answered about cookies. The
 * cookie holds what was posted.
 */
export function isKeptInBrowser(
  { body = '' }: Pick<Ask, 'body'>,
  answers: readonly Pick<Answer, 'setCookies'>[],
): boolean {
  const posted = new Set([...new URLSearchParams(body).values()].filter(Boolean));
  return answers.every((answer) => cookieValues(answer).some((value) => posted.has(value)));
}

const PAGES_MAX = 8;
const IDS_MAX = 3;

/** Ids of things on the pages of a member. */
async function idsOf(member: Visitor, { doors }: Survey): Promise<string[]> {
  const found = new Set<string>();
  for (const { path } of doors.filter(({ isPage }) => isPage).slice(0, PAGES_MAX))
    for (const id of idsOnPage((await member.get(path)).text)) found.add(id);
  return [...found].slice(0, IDS_MAX);
}

/** What nobody is shown of a member by a server action that is called with ids of what stands on the page of that one. */
async function shownAbout(
  { member, stranger }: { member: Visitor; stranger: Visitor },
  ask: Ask,
  ids: readonly string[],
  { app }: Body['lab'],
): Promise<string[]> {
  const personal = personalOf(member.person);
  for (const id of ids) {
    for (const body of [[id], [{ id }]].map((each) => JSON.stringify(each))) {
      const answer = await send(stranger, app.origin, { ...ask, body });
      await stranger.agent.jar.removeAllCookies();
      const shown = answer ? shownIn(answer, { texts: [] }, { personal, said: `${body}\n${ask.path}` }) : [];
      if (shown.length) return shown;
    }
  }
  return [];
}

/** Posts each as a member of this check's own, then as nobody, to its own page and to the home page. */
export async function postAll(
  posts: readonly Post[],
  survey: Survey,
  { visitor, somebody, lab }: Body,
): Promise<Outcome[]> {
  const member = await newMember({ visitor, somebody, lab });
  const stranger = await visitor();
  const outcomes: Outcome[] = [];
  let ids: string[] | undefined;
  for (const post of posts) {
    const { door, ask } = post;
    const got = await send(member, lab.app.origin, ask);
    if (!got) continue;
    const texts = [...new Set([...door.texts, ...gainOf(got, survey)])];
    if (isOfKit(survey.pages.get(door.path))) {
      const enhanced = { ...ask, headers: { ...ask.headers, ...ENHANCED } };
      const [own, theirs] = [
        await send(member, lab.app.origin, enhanced),
        await send(stranger, lab.app.origin, enhanced),
      ];
      await stranger.agent.jar.removeAllCookies();
      if (own && theirs && succeeded(own) && succeeded(theirs) && !isKeptInBrowser(ask, [own, theirs]))
        outcomes.push({ post: { ...post, ask: enhanced }, shown: [], same: 'success' });
    }
    const asks = ask.headers?.['next-action'] ? [ask, { ...ask, path: '/' }] : [ask];
    if (ask.headers?.['next-action']) {
      ids ??= await idsOf(member, survey);
      const shown = await shownAbout({ member, stranger }, ask, ids, lab);
      if (shown.length) outcomes.push({ post, shown });
    }
    for (const each of asks) {
      const answer = await send(stranger, lab.app.origin, each);
      await stranger.agent.jar.removeAllCookies();
      if (!answer) continue;
      const shown = shownIn(
        { ...answer, text: `${answer.text}\n${textsOfAnswer(answer).join('\n')}` },
        { ...door, texts },
        { personal: survey.personal, said: saidIn(each, survey.grounds.cookie) },
      );
      const to = redirectOf(got);
      outcomes.push({
        post: { ...post, ask: each },
        shown,
        ...(to && to === redirectOf(answer) && !isKeptInBrowser(ask, [got, answer]) && { same: to }),
      });
    }
  }
  return outcomes;
}

/**
 * Nobody gets from a post what a member gets.
 *
 * @param find what is posted
 * @param none why nothing is, if so
 */
export const answersNobody =
  (find: (survey: Survey, stranger: Visitor) => Promise<Post[]> | Post[], none: string) =>
  async ({ visitor, somebody, step, notApplicable, lab }: Body): Promise<void> => {
    const body = { visitor, somebody, step, notApplicable, lab };
    const survey = await findDoors(body);
    const posts = await find(survey, await visitor());
    if (posts.length === 0) notApplicable(none);
    await step(
      'approach',
      async () => {
        const outcomes = await postAll(posts, survey, body);
        const open = outcomes.find(({ shown }) => shown.length > 0);
        if (open)
          throw new ConformanceFailure(
            `Answered nobody: ${open.post.name}, posted by nobody (${askedHow(open.post.ask)}), showed ${open.shown.join(', ')}.`,
          );
        return posts.length;
      },
      (count) => `Stayed closed, ${count} things posted.`,
    );
  };

/** Nobody is led where a member is led after the same post. */
export async function doesNothingForNobody({
  visitor,
  somebody,
  step,
  notApplicable,
  lab,
}: Body): Promise<void> {
  const body = { visitor, somebody, step, notApplicable, lab };
  const survey = await findDoors(body);
  const posts = [...formPosts(survey), ...(await actionPosts(survey, await visitor()))];
  if (posts.length === 0)
    notApplicable('no page of a member posts anything that strangers cannot post as well');
  await step(
    'approach',
    async () => {
      const same = (await postAll(posts, survey, body)).find((each) => each.same);
      if (same)
        throw new ConformanceFailure(
          same.same === 'success'
            ? `Did for nobody what it does for a member: ${same.post.name} told both of success.`
            : `Did for nobody what it does for a member: ${same.post.name} led both to ${same.same}.`,
        );
      return posts.length;
    },
    (count) => `Refused nobody, ${count} things posted.`,
  );
}
