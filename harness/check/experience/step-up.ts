/** A path that wants people to sign in again: how the app asks Logto for it, and what it takes for an answer. */
import { parse } from 'parse5';
import type { Person } from '../../../mocks/people.ts';
import { demand } from '../../errors.ts';
import type { Answer } from '../../user-agents/http.ts';
import { demandSession, told } from '../../visitor/arrival.ts';
import { laterBy, wayToLater } from '../../visitor/later.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { notJudged } from '../not-judged.ts';
import { differsIn, postedOf } from '../people/of-one-sign-in.ts';
import { byPasswordAndSms, knownTo } from './second-factor.ts';

export type StepUpFixtures = Pick<
  CheckFixtures & LabFixtures,
  'lab' | 'meet' | 'visitor' | 'somebody' | 'step' | 'notApplicable'
>;

const HOUR = 3600;

/** Somebody who has signed in, and whom the path refuses. */
interface Stopped {
  browser: Visitor;
  person: Person;
  path: string;
  /** The authorization request that the app sends the person to Logto with. */
  url: URL;
}

const isOpen = ({ status, location }: Answer) => status >= 200 && status < 300 && !location;

/** Signs somebody in the usual way, and asks for the path: it must be shut, and lead to Logto. */
async function stopped(fixtures: StepUpFixtures): Promise<Stopped> {
  const { lab, meet, visitor, somebody, notApplicable } = fixtures;
  const path = lab.config.pages.stepUp;
  if (!path)
    return notApplicable('the app asks nobody to sign in again, as far as the config says (pages.stepUp)');
  await meet(byPasswordAndSms);
  const person = await somebody({ name: `Ada ${Date.now()}`, ...knownTo(lab) });
  const browser = await visitor(person);
  demandSession(await browser.signIn());
  await grownOld(browser, fixtures);
  const answer = await browser.agent.follow(
    await browser.get(path),
    (next) => next.origin !== lab.app.origin,
  );
  const url = answer.location ?? (await pressed(browser, answer));
  if (url?.origin === lab.publicIssuerOrigin) return { browser, person, path, url };
  demand(
    !isOpen(answer) || answer.url.pathname !== path || formIn(answer),
    () => `Opens ${path} to a session that nobody has signed in for within the last hour.`,
  );
  return notJudged(
    `${path} refuses, and neither it nor a form on it leads to Logto: ${told(answer)}`,
    'let it redirect, or send a form to /signin/<provider>; what a script does is not seen',
  );
}

/** An hour later: at Logto, whose session goes on, and by the stamps of the app's own. */
async function grownOld(browser: Visitor, { lab, visitor }: StepUpFixtures): Promise<void> {
  await browser.elapse(HOUR);
  const way = await wayToLater(browser, await visitor(), lab);
  if (way.kind !== 'sealed')
    notJudged(
      way.kind === 'none'
        ? `the session cannot be made older: ${way.reason}`
        : 'its sessions are rows of a database, which no browser can make older',
      way.kind === 'none'
        ? 'let the app be started with the AUTH_SECRET that it is given'
        : 'let the app keep the time of the sign-in in a sealed session, or test that page yourself',
    );
  else await laterBy(HOUR, way, browser, browser, lab);
}

/** The form of a page that begins a sign-in. */
function formIn(answer: Answer): { url: URL; fields: Record<string, string> } | undefined {
  const form = elements(parse(answer.text) as Node, 'form').find((one) =>
    /\/signin\//.test(attribute(one, 'action') ?? ''),
  );
  if (!form) return undefined;
  const fields = elements(form, 'input').flatMap((one): [string, string][] => {
    const name = attribute(one, 'name');
    return name ? [[name, attribute(one, 'value') ?? '']] : [];
  });
  return { url: new URL(attribute(form, 'action') ?? '', answer.url), fields: Object.fromEntries(fields) };
}

/** Sends the form with the CSRF token that a script would have put in. */
async function pressed(browser: Visitor, answer: Answer): Promise<URL | undefined> {
  const form = formIn(answer);
  if (!form) return undefined;
  const csrfToken = form.fields.csrfToken || (await browser.csrfToken());
  const sent = await browser.agent.hop(form.url, {
    method: 'POST',
    form: { ...form.fields, ...(csrfToken && { csrfToken }) },
  });
  return sent.location;
}

interface Node {
  nodeName: string;
  attrs?: { name: string; value: string }[];
  childNodes?: Node[];
}
const attribute = (node: Node, name: string) => node.attrs?.find((one) => one.name === name)?.value;
const elements = (node: Node, name: string): Node[] => [
  ...(node.nodeName === name ? [node] : []),
  ...(node.childNodes ?? []).flatMap((child) => elements(child, name)),
];

async function demandShut(browser: Visitor, path: string, why: string): Promise<void> {
  demand(!isOpen(await browser.get(path)) || formIn(await browser.get(path)), () => `Opens ${path} ${why}.`);
}

/** The app asks for a new sign-in in words that Logto heeds. */
export async function asksForIt(fixtures: StepUpFixtures): Promise<void> {
  const { url } = await stopped(fixtures);
  const params = url.searchParams;
  const asks = params.get('prompt')?.split(' ').includes('login') || params.has('max_age');
  demand(
    asks,
    () =>
      `Asks for a new sign-in with ${params.has('acr_values') ? `acr_values=${params.get('acr_values')}, which Logto does not heed` : 'neither prompt=login nor max_age'}: Logto answers from the session that is there.`,
  );
}

/** Whoever signs in again, with the second factor, is let in as the same person. */
export async function opensAfterwards(fixtures: StepUpFixtures): Promise<void> {
  const { browser, path, url } = await stopped(fixtures);
  const before = await browser.session();
  await browser.arrive(await browser.authorize(url));
  const after = await browser.session();
  demand(
    after && differsIn(after.user, before?.user, postedOf(fixtures.lab)).length === 0,
    'Shows another person after the new sign-in than before.',
  );
  const answer = await browser.get(path);
  demand(
    isOpen(answer) && !formIn(answer),
    () =>
      `Does not open ${path} to somebody who has just signed in again with a second factor: ${told(answer)}.`,
  );
}

/** What the app asks for stands in an address that whoever sits there can change: Logto is then asked for less. */
export async function seesThrough(fixtures: StepUpFixtures): Promise<void> {
  const { browser, path, url } = await stopped(fixtures);
  const less = new URL(url);
  for (const name of ['prompt', 'max_age', 'acr_values']) less.searchParams.delete(name);
  await browser.arrive(await browser.authorize(less));
  await demandShut(
    browser,
    path,
    'after a sign-in in which Logto asked for nothing, as prompt and max_age were taken out of the address',
  );
}

/** Whoever turns back at Logto is where they were. */
export async function staysShut(fixtures: StepUpFixtures): Promise<void> {
  const { browser, path, url } = await stopped(fixtures);
  await browser.openIssuer(url);
  await demandShut(browser, path, 'to somebody who turned back at Logto');
}

/** Another person signs in at the step: they are not let in as the first. */
export async function isNobodyElse(fixtures: StepUpFixtures): Promise<void> {
  const { visitor, somebody, lab } = fixtures;
  const { browser, person, path, url } = await stopped(fixtures);
  const other = await visitor(await somebody({ name: `Bob ${Date.now()}`, ...knownTo(lab) }));
  for (const { key, value } of await browser.agent.cookies(lab.app.origin))
    await other.agent.jar.setCookie(`${key}=${value}; Path=/`, lab.app.origin);
  const { page } = await other.arrive(await other.authorize(url));
  const answer = await other.get(path);
  const session = JSON.stringify(await other.session());
  const first = person.name ?? '';
  demand(
    !isOpen(answer) || formIn(answer) || !`${session}${answer.text}`.includes(first),
    () => `Opens ${path} as the first person when somebody else signed in again: ${told(page)}.`,
  );
}
