/** The body of a check of the suite `doors`: one approach, tried on each door. */
import { demand } from '../../errors.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { demandNoOnboarding, notJudged } from '../not-judged.ts';
import type { Approach } from './approach.ts';
import { withoutChance } from './by-chance.ts';
import type { Ask, Door, Grounds } from './door.ts';
import { isPassed, saidIn, shownIn } from './judge.ts';
import { type Breach, lookAs, withoutFeeds, withoutKept } from './no-breach.ts';
import { send } from './send.ts';
import { doorsTold, type Survey, surveyOf } from './survey.ts';
import { holdsRefused, isPlainOf, theirsIn } from './theirs.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'notApplicable'> & Pick<LabFixtures, 'lab'>;

export const NO_DOORS =
  'the app shows members nothing that strangers do not get, at the paths that were found';

/** How a request reads in a report: method and address, with the names of what was added. */
export const askedHow = ({ method = 'GET', path, headers = {} }: Ask): string => {
  const names = Object.entries(headers).map(([name, value]) =>
    name === 'cookie'
      ? `cookie ${value.split('=')[0]}`
      : name.length + value.length < 60
        ? `${name}: ${value}`
        : name,
  );
  const told =
    names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ');
  return `${method} ${path.slice(0, 120)}${told ? ` with ${told}` : ''}`;
};

/** A browser that holds nothing but, for another member, their cookies. */
export async function browserFor(approach: Pick<Approach, 'by'>, survey: Survey, { visitor, lab }: Body) {
  if (approach.by !== 'other member') return visitor();
  const browser = await visitor(survey.other.person);
  for (const { key, value } of survey.other.cookies)
    await browser.agent.jar.setCookie(
      `${key}=${value}; Path=/${/^__(secure|host)-/i.test(key) ? '; Secure' : ''}`,
      lab.app.origin,
    );
  return browser;
}

/** The cookies of an approach stand beside those that the browser holds. */
async function besideOwn(ask: Ask, { agent }: Pick<Visitor, 'agent'>, origin: string): Promise<Ask> {
  const { cookie } = ask.headers ?? {};
  const held = cookie ? (await agent.cookies(origin)).map(({ key, value }) => `${key}=${value}`) : [];
  return held.length ? { ...ask, headers: { ...ask.headers, cookie: [...held, cookie].join('; ') } } : ask;
}

/** The survey as the control of a check: blocked when the member does not get in, not applicable without doors. */
export async function findDoors({ lab, visitor, somebody, step, notApplicable }: Body): Promise<Survey> {
  demandNoOnboarding(lab);
  const survey = await step(
    'control',
    () => surveyOf({ lab, visitor, somebody }),
    ({ doors }) => `A member is shown what strangers do not get at ${doorsTold(doors) || 'no path'}.`,
  );
  if (survey.doors.length === 0) {
    // Most apps have something to guard; only its user knows that this one has not.
    if (lab.given?.includes('pages.protected') || lab.given?.includes('pages.api')) notApplicable(NO_DOORS);
    notJudged(
      NO_DOORS,
      'name what needs a session (pages.protected, pages.api; an empty list where there is none)',
    );
  }
  return survey;
}

export const isCrash = (status: number) => status >= 500 && status !== 501 && status !== 503;

/** What a page shows by turns is nobody's own: asked again, it shows the same, and the plain request does not. */
async function isSteady(
  { ask, door }: Pick<Breach, 'ask' | 'door'>,
  { grounds, personal, browser }: Pick<Survey, 'grounds' | 'personal'> & { browser: Pick<Visitor, 'agent'> },
): Promise<boolean> {
  const shows = async (each: Ask) => {
    const answer = await send(browser, grounds.origin, await besideOwn(each, browser, grounds.origin));
    const said = saidIn(each, grounds.cookie);
    return answer !== undefined && shownIn(answer, door, { personal, said, isMember: true }).length > 0;
  };
  const isPlain = isPlainOf(door, ask);
  for (let turn = 0; turn < 2; turn += 1)
    if (!(await shows(ask)) || (!isPlain && (await shows({ path: door.path })))) return false;
  return true;
}

/** The one proof among several of a request, the Authorization header or a cookie, that opens a door by itself; else all of them. */
async function openedBy(ask: Ask, opens: (each: Ask) => Promise<boolean>): Promise<Ask> {
  const { cookie, authorization } = ask.headers ?? {};
  if (!cookie || !authorization) return ask;
  for (const headers of [{ authorization }, ...cookie.split('; ').map((pair) => ({ cookie: pair }))])
    if (await opens({ ...ask, headers })) return { ...ask, headers };
  return ask;
}

/** So many requests one approach sends; those for the doors that turn strangers away come first. */
const ASKS_MAX = 240;

/** The requests of an approach, for as many doors as there is time for, and for each of these all of them. */
function asksFor(approach: Approach, doors: readonly Door[], grounds: Grounds): { door: Door; ask: Ask }[] {
  const asks: { door: Door; ask: Ask }[] = [];
  const shutFirst = [...doors].sort(
    (one, next) => Number(next.refuses ?? false) - Number(one.refuses ?? false),
  );
  for (const door of shutFirst) {
    const own = approach.asks(door, grounds);
    if (!door.refuses && asks.length > 0 && asks.length + own.length > ASKS_MAX) break;
    asks.push(...own.map((ask) => ({ door, ask })));
  }
  return asks;
}

/** Sends the requests of an approach for each door; returns what they showed, and what crashed where that counts. */
export async function tryApproach(
  approach: Approach,
  {
    doors,
    grounds,
    personal,
    publicPages = [],
    claimed = [],
  }: Pick<Survey, 'doors' | 'grounds' | 'personal'> & Partial<Pick<Survey, 'publicPages' | 'claimed'>>,
  browser: Pick<Visitor, 'agent'>,
): Promise<{ sent: number; left: number; breaches: Breach[]; crashes: string[] }> {
  const isMember = approach.by === 'other member';
  // What the plain request shows is told by its own check; a header or a parameter beside it is not to blame.
  const tried = doors.filter(({ open, openToMembers }) =>
    approach.plain ? !(isMember && open) : !open && !(isMember && openToMembers),
  );
  const asks = asksFor(approach, tried, grounds);
  const breaches: Breach[] = [];
  const crashes: string[] = [];
  const look = lookAs(browser, (ask) => send(browser, grounds.origin, ask), isMember);
  for (const { door, ask } of asks) {
    const answer = await send(browser, grounds.origin, await besideOwn(ask, browser, grounds.origin));
    if (!isMember) await browser.agent.jar.removeAllCookies();
    if (!answer) continue;
    let shown = shownIn(answer, approach.plain ? { ...door, texts: [...door.texts, ...door.leaked] } : door, {
      personal,
      said: saidIn(ask, grounds.cookie),
      isMember,
    });
    if (shown.length && !isMember && !approach.plain && !door.refuses)
      shown = await withoutChance(answer, { ask, door, stranger: browser, grounds, personal });
    if (!shown.length && !isMember && !approach.plain && isPassed(answer, ask, door, publicPages))
      shown.push('data, where the plain request is refused');
    const opens = async (each: Ask) => {
      const other = await look(each);
      const by = { personal, said: saidIn(each, grounds.cookie), isMember };
      return (
        other !== undefined &&
        (shownIn(other, door, by).length > 0 || isPassed(other, each, door, publicPages))
      );
    };
    if (shown.length && ask.unlessBy && (await opens({ ...ask, headers: ask.unlessBy }))) continue;
    const theirs =
      isMember && !shown.length && !isPlainOf(door, ask)
        ? await theirsIn(answer, { ask, door, doors, cookie: grounds.cookie }, async (each) =>
            send(browser, grounds.origin, await besideOwn(each, browser, grounds.origin)),
          )
        : undefined;
    if (theirs) {
      breaches.push({ ask, door, answer, shown: [theirs] });
      continue;
    }
    if (ask.unlessShared && !holdsRefused(answer, doors)) continue;
    shown = await withoutKept(
      shown,
      { answer, ask, door },
      { grounds, personal, claimed, isMember, plain: () => look({ path: door.path }) },
    );
    if (!approach.plain) claimed.push(saidIn(ask, grounds.cookie));
    const said = saidIn(ask, grounds.cookie);
    const isTold = shownIn(answer, { ...door, texts: [], own: [] }, { personal, said, isMember }).length > 0;
    if (
      isMember &&
      shown.length &&
      !isTold &&
      !(await isSteady({ ask, door }, { grounds, personal, browser }))
    )
      continue;
    if (shown.length)
      breaches.push({ ask: isMember ? ask : await openedBy(ask, opens), door, answer, shown });
    if (approach.noCrash && isCrash(answer.status)) crashes.push(`${askedHow(ask)} (${answer.status})`);
  }
  const left = tried.length - new Set(asks.map(({ door }) => door)).size;
  return { sent: asks.length, left, breaches, crashes };
}

/**
 * The app opens no door to an approach.
 *
 * @param approach one row of the table
 */
export const opensNoDoor =
  (approach: Approach) =>
  async ({ visitor, somebody, step, notApplicable, lab }: Body): Promise<void> => {
    const body = { visitor, somebody, step, notApplicable, lab };
    const survey = await findDoors(body);
    if (survey.doors.every((door) => approach.asks(door, survey.grounds).length === 0))
      notApplicable('nothing of the app can be asked for like that');
    await step(
      'approach',
      async () => {
        const browser = await browserFor(approach, survey, body);
        const { sent, left, breaches: found, crashes } = await tryApproach(approach, survey, browser);
        const look = lookAs(
          browser,
          (ask) => send(browser, lab.app.origin, ask),
          approach.by === 'other member',
        );
        const breaches = await withoutFeeds(found, survey, look, body);
        demand(breaches.length === 0, () => toldOf(breaches));
        demand(crashes.length === 0, () => `Crashed at ${crashes.slice(0, 3).join('; ')}.`);
        return { sent, left };
      },
      ({ sent, left }) =>
        `Stayed closed, ${sent} requests${left > 0 ? `; ${left} doors that strangers are shown in part were left out, as there were too many` : ''}.`,
    );
  };

const toldOf = (breaches: readonly Breach[]): string => {
  const [first] = breaches as [Breach];
  const others = new Set(breaches.map(({ door }) => door.path).filter((path) => path !== first.door.path));
  const more = others.size ? ` So did ${[...others].slice(0, 4).join(', ')}.` : '';
  return `Opened ${first.door.path}: ${askedHow(first.ask)} was answered with ${first.answer.status} and showed ${first.shown.join(', ')}.${more}`;
};
