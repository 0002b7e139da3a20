/** Who gets to see what a session holds: caches, strangers, scripts. */

import { check } from '../harness/check/check.ts';
import { givesNothing, keepsOut } from '../harness/check/doors/gives-nothing.ts';
import { demandShown, hidesItself, type Kept, keptFrom } from '../harness/check/doors/kept-from-members.ts';
import { inOtherLanguages } from '../harness/check/doors/languages.ts';
import { personalOf, refuses } from '../harness/check/doors/marks.ts';
import { memberPaths, namedPaths, shownTo } from '../harness/check/doors/paths-of-members.ts';
import { surveyOf } from '../harness/check/doors/survey.ts';
import { newMember, publicAnswers } from '../harness/check/doors/walk-around.ts';
import { injections, madeRealIn, newMark } from '../harness/check/injected-markup.ts';
import { issuedIn } from '../harness/check/issued-in.ts';
import { demandNoOnboarding, notJudged } from '../harness/check/not-judged.ts';
import { demandSession, told } from '../harness/check/outcomes.ts';
import { isSameFor, isShell, sharedWithStrangers } from '../harness/check/pages/for-everybody.ts';
import { staysAt } from '../harness/check/pages/led-away.ts';
import { placesOf } from '../harness/check/people/look.ts';
import { demand } from '../harness/errors.ts';
import type { Answer } from '../harness/user-agents/http.ts';
import { TURNS_AWAY } from '../harness/visitor/sign-words.ts';
import type { Visitor } from '../harness/visitor/visitor.ts';

/** Cache-Control of the session JSON of somebody who is signed in; empty when there is none. */
const cacheControl = async (browser: Visitor): Promise<string> => {
  demandSession(await browser.signIn());
  return String((await browser.sessionAnswer()).headers['cache-control'] ?? '');
};

/** A path that the app does not have says nothing about the app: the config is wrong, and the check blocked. */
const demandThere = (status: number, path: string, key: string) => {
  demand(
    status !== 404,
    `The app has no ${path} (404 to a person with a session): correct ${key} in the config.`,
  );
};

/** Whether an answer is a page, and leads nowhere else, not even once it is streamed. */
const stays = (answer: Answer) => answer.status === 200 && !answer.location && !refuses(answer);

/** What is said in a language at pages that are not this one: of pages that it lacks, the same. */
async function answersInItsPlace(
  stranger: Visitor,
  { path, other, paths, locales }: { path: string; other: string; paths: string[]; locales: string[] },
): Promise<string[]> {
  const spoken = (each: string) => inOtherLanguages(each, locales);
  const place = spoken(path).indexOf(other);
  const own = path.split(/[?#]/)[0] ?? path;
  const missing = `${own.replace(/\/[^/]*\/?$/, '')}/conformance-no-such-page`;
  const asked = [missing, ...paths].filter((each) => each !== path).map((each) => spoken(each)[place]);
  const answers = await Promise.all(asked.map((each) => (each ? stranger.get(each) : undefined)));
  return answers.flatMap((answer) => (answer ? [answer.text] : []));
}

check({
  id: 'session/not-cached',
  title: 'forbids caches to keep the session JSON',
  clauses: ['rfc9111 §5.2.2.5', 'owasp session'],
  level: 'must',
  severity: 'serious',
  appMust: 'Answer /session with no Cache-Control that lets a shared cache keep it.',
  otherwise: 'A proxy shows one person the session of another.',
  fix: 'Send Cache-Control: private, no-cache, no-store; keep /session out of the rules of the CDN.',
})(async ({ visitor }) => {
  const control = await cacheControl(await visitor());
  demand(
    !control || /no-store|private|no-cache|max-age=0/.test(control),
    `Answered /session with Cache-Control: ${control}.`,
  );
});

check({
  id: 'session/no-store',
  title: 'tells caches to keep no session JSON',
  clauses: ['asvs 14.3.2', 'rfc9111 §5.2.2.5'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Answer /session with Cache-Control: no-store, or private with no-cache.',
  otherwise: 'Nothing keeps a proxy, or the browser of a shared computer, from storing who was signed in.',
  fix: 'Set Cache-Control: private, no-cache, no-store in front of {library}, or update it: newer versions send that by themselves.',
})(async ({ visitor }) => {
  const control = await cacheControl(await visitor());
  demand(
    /no-store|private|no-cache|max-age=0/.test(control),
    `Answered /session with ${control ? `Cache-Control: ${control}` : 'no Cache-Control'}.`,
  );
});

check({
  id: 'session/protected-page',
  title: 'shows its protected pages to people with a session only',
  clauses: ['asvs 8.2.1', 'authjs protecting'],
  level: 'must',
  severity: 'critical',
  appMust: 'Redirect, or refuse, whoever has no session; show the page to whoever has one.',
  otherwise: 'Everybody reads what is meant for members.',
  fix: 'Check the session in the page or in the middleware before anything is rendered.',
})(async ({ visitor, somebody, lab, scope, evidence, step }) => {
  const paths = await namedPaths({ lab, visitor, somebody }, 'protected');
  const stranger = await visitor();
  const strange = new Map<string, Answer>();
  for (const path of paths) {
    const answer = await stranger.get(path);
    strange.set(path, answer);
    // What scripts draw is judged beside what members get.
    const isPlain = stays(answer) && (lab.usage?.onboarding || !/<script[^>]+src=/i.test(answer.text));
    demand(!isPlain || TURNS_AWAY.test(answer.text), `Showed ${path} to somebody without a session.`);
  }
  demandNoOnboarding(lab);
  const remains = [...strange.values()].some(stays);
  // Some pages refuse whoever has no address; and where texts are compared, what is personal must be told from what is said to all.
  const member = await newMember({ visitor, somebody, lab });
  const personal = personalOf(member.person);
  const isPersonal = (text: string) => issuedIn(text, personal).length > 0;
  const elsewhere = remains ? await publicAnswers(stranger, lab) : [];
  const shells: string[] = [];
  const doubtful: string[] = [];
  const kept: (Kept & { path: string; told: string })[] = [];
  let seen = 0;
  for (const [path, answer] of strange) {
    const shown = await member.get(path);
    if (!(await hidesItself({ path, shown, strange: answer, stranger }, lab)))
      await step('control', async () => demandThere(shown.status, path, 'pages.protected'));
    if (shown.status !== 200) {
      const reason = await keptFrom({ member, stranger }, { path, shown, strange: answer }, lab);
      demand(reason, `Refused ${path} to a person with a session: ${told(shown)}.`);
      // A page that members are led to is theirs where strangers are not shown it.
      const { led } = reason;
      if (led && !stays(answer) && !stays(await stranger.get(led.url.href))) seen++;
      else kept.push({ ...reason, path, told: told(shown) });
      continue;
    }
    seen++;
    if (!stays(answer)) continue;
    const again = await member.get(path);
    const shared = sharedWithStrangers([shown.text, again.text], answer.text, elsewhere, isPersonal);
    if (shared?.doubtful) doubtful.push(`${path} ("${shared.text.slice(0, 60)}")`);
    else demand(!shared, `Showed ${path} to somebody without a session: "${shared?.text.slice(0, 80)}".`);
    if (isShell(shown.text, answer.text, elsewhere)) shells.push(path);
    else
      demand(
        TURNS_AWAY.test(answer.text) && answer.text.replace(/\s+/g, '') !== shown.text.replace(/\s+/g, ''),
        `Showed ${path} to somebody without a session.`,
      );
  }
  for (const [path, answer] of strange) {
    if (stays(answer)) continue;
    const locales = lab.routes?.locales ?? [];
    for (const other of inOtherLanguages(path, locales)) {
      const shown = await member.get(other);
      if (!stays(shown)) continue;
      const theirs = await stranger.get(other);
      if (!stays(theirs)) continue;
      const shared = sharedWithStrangers(
        [shown.text, (await member.get(other)).text],
        theirs.text,
        [
          ...(await publicAnswers(stranger, lab)),
          ...(await answersInItsPlace(stranger, { path, other, paths, locales })),
        ],
        isPersonal,
      );
      demand(
        !shared || shared.doubtful,
        `Showed ${other} to somebody without a session, and closes ${path}: "${shared?.text}".`,
      );
    }
  }
  if (doubtful.length)
    notJudged(
      `${doubtful.join(', ')} says to strangers all that it says to members but for what is personal, and asks them to sign in`,
      'redirect strangers, or keep from them what is for members, and name pages in pages.protected whose content that is',
    );
  if (shells.length === 0) return demandShown(kept, seen, 'protected');
  const drawn = `${shells.join(', ')} ${shells.length > 1 ? 'are' : 'is'} drawn by scripts, the same for everybody`;
  if (lab.browser.missing) notJudged(drawn, `let a browser open it: ${lab.browser.missing}`);
  const left = await staysAt(shells, { lab, scope, evidence });
  demand(!left, `Showed ${left} to somebody without a session, in whose browser it stayed.`);
  demandShown(kept, seen, 'protected');
});

/** Headers that hosts of Next.js set, and that made pages cacheable when they came from outside (GHSA-gp8f-8m3g-qvj9). */
const MADE_CACHEABLE: Record<string, string>[] = [{ 'x-now-route-matches': '1' }];

check({
  id: 'session/protected-not-shared',
  title: 'lets no shared cache keep its protected pages',
  clauses: ['rfc9111 §5.2.2.5', 'owasp session'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Answer protected pages and APIs without public and s-maxage in Cache-Control.',
  otherwise: 'A proxy or CDN in front shows them to people without a session.',
  fix: 'Render what is protected for each request (in Next.js read the session in the page, not in the middleware alone), or send Cache-Control: private, no-store.',
})(async ({ visitor, somebody, lab }) => {
  const paths = await memberPaths({ lab, visitor, somebody }, 'protected', 'api');
  const member = await visitor();
  demandSession(await member.signIn());
  const stranger = await visitor();
  for (const { path, isPage } of paths) {
    const shown = await shownTo(member, { path, isPage });
    if (!shown || shown.status >= 300 || (isPage && isSameFor(await stranger.get(path), shown))) continue;
    for (const headers of [{}, ...MADE_CACHEABLE]) {
      const control = String((await member.get(path, { headers })).headers['cache-control'] ?? '');
      const because = Object.keys(headers)[0];
      demand(
        !/\bpublic\b|s-maxage=[1-9]/.test(control),
        `Lets shared caches keep ${path}${because ? `, when a request carries ${because}` : ''}: Cache-Control: ${control}.`,
      );
    }
  }
});

check({
  id: 'session/protected-api',
  title: 'answers its protected API to people with a session only',
  clauses: ['asvs 8.2.1', 'authjs protecting'],
  level: 'must',
  severity: 'critical',
  appMust:
    'Answer 401, 403 or a redirect without a session, or what holds no data (null, the error of a GraphQL query); answer data with one.',
  otherwise: 'Everybody reads the data of members.',
  fix: 'Check the session in every API route: if (!session) return 401.',
})(async ({ visitor, somebody, lab, step }) => {
  const paths = await namedPaths({ lab, visitor, somebody }, 'api');
  const stranger = await visitor();
  const silent = new Set<string>();
  const strange = new Map<string, Answer>();
  for (const path of paths) {
    const answer = await stranger.get(path);
    strange.set(path, answer);
    if (givesNothing(answer)) silent.add(path);
    demand(keepsOut(answer), `Answered ${path} to somebody without a session: ${told(answer)}.`);
  }
  demandNoOnboarding(lab);
  // Of somebody who has a name, an API has something to tell; some refuse whoever has no address.
  const member = await newMember({ visitor, somebody, lab });
  const waiting: string[] = [];
  const same: string[] = [];
  const kept: (Kept & { path: string; told: string })[] = [];
  for (const [path, answer] of strange) {
    const shown = await shownTo(member, { path });
    if (!shown) {
      waiting.push(path);
      continue;
    }
    if (!(await hidesItself({ path, shown, strange: answer, stranger }, lab)))
      await step('control', async () => demandThere(shown.status, path, 'pages.api'));
    if (shown.status < 200 || shown.status >= 300) {
      const reason = await keptFrom({ member, stranger }, { path, shown, strange: answer }, lab);
      demand(reason, `Refused ${path} to a person with a session: ${told(shown)}.`);
      kept.push({ ...reason, path, told: told(shown) });
    } else if (silent.has(path) && givesNothing(shown)) same.push(`${path} (${shown.text.slice(0, 40)})`);
  }
  demandShown(kept, paths.length - kept.length - same.length - waiting.length, 'api');
  if (same.length)
    notJudged(
      `members are given no more than strangers at ${same.join(', ')}`,
      'name in pages.api a path that answers data of members',
    );
  if (waiting.length === paths.length)
    notJudged(
      `${waiting.join(', ')} refuses strangers at once, and keeps a person with a session waiting for 15 seconds and more`,
      'name in pages.api a path that answers data at once, or mend what hangs',
    );
});

check({
  id: 'session/markup-escaped',
  title: 'escapes the name of a person on its pages',
  clauses: ['asvs 1.2.1', 'owasp xss'],
  level: 'must',
  severity: 'critical',
  uses: ['profiles'],
  provokes: true,
  appMust: 'Show a name with markup in it as text, wherever on a page it stands.',
  otherwise: 'People run scripts in the browsers of others by choosing a name.',
  fix: 'Write names by what escapes for the place: a template, textContent; in a data block escape "<" as \\u003c.',
})(async ({ visitor, somebody, step, lab }) => {
  const places = await step(
    'control',
    async () => placesOf(await surveyOf({ visitor, somebody, lab })),
    (found) => `A member was shown ${found.length} pages and answers.`,
  );
  const mark = newMark();
  for (const markup of injections(mark)) {
    const browser = await visitor(await somebody({ signedIn: true, name: `Ada ${markup}` }));
    demandSession(await browser.signIn());
    for (const place of places) {
      const page = await browser.agent.follow(
        await browser.get(place),
        ({ origin }) => origin !== lab.app.origin,
      );
      const [real] = madeRealIn(page, mark);
      demand(!real, `Made ${real} of the name of a person at ${place}: "Ada ${markup}".`);
    }
  }
});
