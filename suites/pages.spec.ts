/** Pages that anybody opens by a link: what they make of its parameters, and which headers they are sent with. */
import { type CheckFixtures, check, type LabFixtures } from '../harness/check/check.ts';
import { linksIn, mayBeDoor } from '../harness/check/doors/crawl.ts';
import { surveyOf } from '../harness/check/doors/survey.ts';
import { demandSession } from '../harness/check/outcomes.ts';
import { drawnAt } from '../harness/check/pages/drawn.ts';
import {
  foreignAddresses,
  isForeign,
  leadsAway,
  oddAddresses,
  sentTo,
} from '../harness/check/pages/leads-away.ts';
import { linkByHost } from '../harness/check/pages/named-host.ts';
import { needsSession } from '../harness/check/pages/needs-session.ts';
import { givenOut } from '../harness/check/pages/own-files.ts';
import {
  addressOf,
  builtIn,
  followWithin,
  isHtml,
  ownPages,
  pagesOf,
  parametersOf,
} from '../harness/check/pages/pages.ts';
import { lacksOfPolicy, policiesOf } from '../harness/check/pages/policy.ts';
import { scriptsLeadAway } from '../harness/check/pages/scripts-lead-away.ts';
import { withoutSignOut } from '../harness/check/pages/sign-out-in-sight.ts';
import { markupAt, markupInPath } from '../harness/check/pages/try-markup.ts';
import { givesFilesAsFiles } from '../harness/check/pages/uploaded.ts';
import { staysInItsFolders } from '../harness/check/pages/ways-out.ts';
import { showsWrittenAsText } from '../harness/check/pages/written-markup.ts';
import { demand } from '../harness/errors.ts';
import type { Answer } from '../harness/user-agents/http.ts';
import { openBrowser } from '../harness/visitor/open-browser.ts';
import { SIGN_OUT } from '../harness/visitor/sign-words.ts';
import type { Visitor } from '../harness/visitor/visitor.ts';

type Body = Pick<CheckFixtures & LabFixtures, 'visitor' | 'somebody' | 'lab' | 'step'>;

check({
  id: 'pages/markup-in-parameters',
  title: 'shows what a link says as text',
  clauses: ['asvs 1.2.1', 'owasp xss'],
  level: 'must',
  severity: 'critical',
  signIn: 'none',
  provokes: true,
  appMust:
    'Escape every parameter where it is shown: in text, in attributes, in scripts; and link to no address that begins with javascript:.',
  otherwise: 'A link to the app runs a script in it, as whoever opens the link.',
  fix: 'Let the framework write parameters (no dangerouslySetInnerHTML, {@html}, v-html, set:html, res.send of a template), and show texts of your own for known errors.',
})(async ({ visitor, lab }) => {
  const stranger = await visitor();
  const around = new Set([...builtIn(lab), ...(await ownPages(stranger, lab))]);
  for (const path of await pagesOf(stranger, lab)) {
    const injected = await markupAt(stranger, lab, path, around.has(path));
    demand(!injected, `${injected?.replace(/^m/, 'M')}.`);
  }
  const injected = await markupInPath(stranger, lab);
  demand(!injected, `${injected?.replace(/^m/, 'M')}.`);
});

check({
  id: 'pages/markup-for-members',
  title: 'shows its members what a link says as text',
  clauses: ['asvs 1.2.1', 'owasp xss'],
  level: 'must',
  severity: 'critical',
  provokes: true,
  appMust: 'Escape every parameter on the pages of members as well.',
  otherwise: 'A link to the app runs a script in it, as the member who opens it.',
  fix: 'Let the framework write parameters (no dangerouslySetInnerHTML, {@html}, v-html, set:html, res.send of a template).',
})(async ({ visitor, somebody, lab, step, notApplicable }) => {
  const { doors } = await step('control', () => surveyOf({ visitor, somebody, lab }));
  const pages = doors.filter(({ isPage }) => isPage).slice(0, 12);
  if (pages.length === 0) notApplicable('no page was found that members alone are shown');
  const member = await visitor();
  demandSession(await member.signIn());
  for (const { path } of pages) {
    const injected = await markupAt(member, lab, path, false);
    demand(!injected, `${injected?.replace(/^m/, 'M')}.`);
  }
});

check({
  id: 'pages/markup-written',
  title: 'shows what its members write as text',
  clauses: ['asvs 1.2.1', 'owasp xss'],
  level: 'must',
  severity: 'critical',
  uses: ['own-app'],
  provokes: true,
  appMust:
    'Escape what members write wherever it is shown; where markup is allowed, let no script and no handler through.',
  otherwise:
    'What one member writes about themselves runs as whoever reads it (stored cross-site scripting).',
  fix: 'Let the framework write texts (no dangerouslySetInnerHTML, {@html}, v-html, set:html, res.send of a template), or clean them with DOMPurify.',
})(({ visitor, somebody, lab, step, notApplicable }) =>
  showsWrittenAsText({ visitor, somebody, lab, step, notApplicable }),
);

check({
  id: 'pages/files-as-pages',
  title: 'makes no pages of its own out of files that members upload',
  clauses: ['asvs 3.2.1', 'owasp xss'],
  level: 'must',
  severity: 'critical',
  uses: ['own-app'],
  provokes: true,
  appMust:
    'Give out what members upload as files: with a type that it has looked at, and Content-Disposition: attachment, a sandbox or another origin for what could hold a script (HTML, SVG, XML).',
  otherwise:
    'A file that one member uploads runs as whoever opens it, with their session (stored cross-site scripting).',
  fix: 'Take the kinds of files that are wanted only, by their content; send all others with Content-Disposition: attachment and X-Content-Type-Options: nosniff.',
})(({ visitor, somebody, lab, step, notApplicable }) =>
  givesFilesAsFiles({ visitor, somebody, lab, step, notApplicable }),
);

check({
  id: 'pages/files-outside',
  title: 'gives nobody a file by an address that leads out of the folder of its files',
  clauses: ['asvs 5.3.2'],
  level: 'must',
  severity: 'critical',
  provokes: true,
  appMust:
    'Look files up by what it knows itself (an id, a list), or demand that the resolved path lies within their folder.',
  otherwise: 'Whoever writes ../ into an address reads the settings of the app, and is anybody.',
  fix: 'Resolve the path, and compare it: path.resolve(folder, name).startsWith(folder + path.sep); or res.sendFile(name, { root: folder }).',
})(({ visitor, somebody, lab, step, notApplicable }) =>
  staysInItsFolders({ visitor, somebody, lab, step, notApplicable }),
);

check({
  id: 'pages/links-by-request',
  title: 'writes no links to a host that the request names',
  clauses: ['asvs 4.1.3'],
  level: 'may',
  severity: 'moderate',
  provokes: true,
  appMust: 'Take the host of links from its own settings, not from Host or X-Forwarded-Host.',
  otherwise:
    'A request under another host makes links that lead there, with their signature or secret in them: in a mail, or in a page that a cache keeps.',
  fix: 'Build links from AUTH_URL (NEXTAUTH_URL); believe X-Forwarded-Host only of a proxy that sets it anew each time.',
})(async ({ visitor, somebody, lab, step }) => {
  const { doors } = await step('control', () => surveyOf({ visitor, somebody, lab }));
  const member = await visitor();
  demandSession(await member.signIn());
  const own = [lab.config.pages.home, ...doors.map(({ path }) => path)].slice(0, 24);
  // Things of this member's own stand behind links of their pages.
  const behind: string[] = [];
  for (const { path, isPage } of doors.slice(0, 12)) {
    const page = isPage ? await member.get(path) : undefined;
    if (page) behind.push(...linksIn(page.text, page.url).filter((link) => mayBeDoor(link, lab)));
  }
  const found = await linkByHost(member, lab.app.origin, [...new Set([...own, ...behind])].slice(0, 48));
  demand(
    !found,
    () =>
      `Wrote a link to the host that the request named${found?.secret ? ', with a secret in it' : ''}: ${found?.ask} showed ${found?.address.replace(/\?.*/, '?…')}.`,
  );
});

/** Pages without a script are drawn as they were sent; and no run waits for more than these. */
const DRAWN_MAX = 6;

/**
 * Pages that anybody opens and that scripts draw; those of Auth.js are drawn on the server.
 *
 * @param shown leaves out what refuses strangers: a member is shown something else there, which may be a stream that never ends
 */
async function drawnByScripts(
  stranger: Visitor,
  lab: LabFixtures['lab'],
  { shown = false } = {},
): Promise<string[]> {
  const drawn: string[] = [];
  for (const path of await pagesOf(stranger, lab)) {
    if (builtIn(lab).includes(path) || drawn.length === DRAWN_MAX) continue;
    const answer = await stranger.get(path);
    if (shown && answer.status !== 200) continue;
    if (isHtml(answer) && !answer.location && /<script/i.test(answer.text)) drawn.push(path);
  }
  return drawn;
}

check({
  id: 'pages/markup-drawn',
  title: 'draws what a link says as text, where scripts draw the page',
  clauses: ['asvs 1.2.1', 'owasp xss'],
  level: 'must',
  severity: 'critical',
  signIn: 'none',
  provokes: true,
  needs: ['browser'],
  appMust:
    'Let no script of a page write a parameter as markup, or as an address that begins with javascript:.',
  otherwise: 'A link to the app runs a script in it, as whoever opens the link.',
  fix: 'Let the framework draw parameters (no innerHTML, dangerouslySetInnerHTML, {@html}, v-html).',
})(async ({ visitor, lab, scope, evidence, notApplicable }) => {
  const drawn = await drawnByScripts(await visitor(), lab);
  if (drawn.length === 0) notApplicable('it has no page that anybody can open and that scripts draw');
  const { context, within, close } = await openBrowser(lab, scope, { evidence, person: null });
  try {
    for (const path of drawn) {
      const injected = await drawnAt(context, lab, path, within);
      demand(!injected, `${injected?.replace(/^m/, 'M')}.`);
    }
  } finally {
    await close();
  }
});

type Opened = Pick<Body, 'visitor' | 'lab'> & { asMember: boolean; addresses?: string[] };
const noneLeads = async ({ visitor, lab, asMember, addresses }: Opened) => {
  const stranger = await visitor();
  const paths = await pagesOf(stranger, lab);
  const browser = asMember ? await visitor() : stranger;
  const { whereTo } = parametersOf(lab);
  if (asMember) {
    // A page may keep where to go until the person has signed in.
    const [given = ''] = addresses ?? foreignAddresses(lab.app.origin);
    const link = Object.fromEntries(whereTo.map((name) => [name, given]));
    for (const path of await ownPages(browser, lab)) await browser.get(addressOf(path, link));
    const signIn = await browser.signIn();
    demandSession(signIn);
    const away = sentTo(signIn.page).find(isForeign);
    demand(!away, () => `Sent a member to ${away?.origin} after the sign-in, as a link had said before.`);
  }
  for (const path of paths) {
    if (asMember && SIGN_OUT.test(path)) continue;
    const away = await leadsAway(browser, lab, path, whereTo, addresses);
    demand(
      !away,
      () =>
        `Sent ${asMember ? 'a member' : 'somebody'} from ${path} to ${away?.to.origin}, as the link said: ${JSON.stringify(away?.given)}.`,
    );
  }
};

check({
  id: 'pages/leads-away',
  title: 'sends nobody who opens a page of it to an address that the link names',
  clauses: ['rfc9700 §4.11', 'asvs 3.7.2'],
  level: 'must',
  severity: 'serious',
  signIn: 'none',
  provokes: true,
  appMust: 'Go to paths of its own only, as a browser reads them.',
  otherwise: 'A link to the app ends on a copy of it, which asks for the number and the code.',
  fix: 'Read a parameter once, const to = new URL(value, origin), and go to to.href where to.origin === origin. Its pathname alone may begin with // and name another site.',
})(({ visitor, lab }) => noneLeads({ visitor, lab, asMember: false }));

check({
  id: 'pages/leads-members-away',
  title: 'sends no member who opens its sign-in page, or another, to an address that the link names',
  clauses: ['rfc9700 §4.11', 'asvs 3.7.2', 'authjs pages'],
  level: 'must',
  severity: 'serious',
  provokes: true,
  appMust: 'Send who is signed in already to paths of its own only, as a browser reads them.',
  otherwise: 'A link to the app ends on a copy of it, at once, as nobody is asked to sign in before.',
  fix: 'Read callbackUrl and the like once, const to = new URL(value, origin), and go to to.href where to.origin === origin. Its pathname alone may begin with // and name another site.',
})(async ({ visitor, lab, scope, evidence }) => {
  await noneLeads({ visitor, lab, asMember: true });
  if (lab.browser.missing) return;
  const drawn = await drawnByScripts(await visitor(), lab, { shown: true });
  if (drawn.length === 0) return;
  const member = await visitor();
  demandSession(await member.signIn());
  const away = await scriptsLeadAway(member, drawn, { lab, scope, evidence });
  demand(
    !away,
    () =>
      `Sent a member from ${away?.path} to ${away?.to.origin} by a script, as the link said: ${JSON.stringify(away?.given)}.`,
  );
});

check({
  id: 'pages/leads-away-oddly',
  title: 'sends nobody to an address with tabs or line breaks in it, which browsers take out',
  clauses: ['asvs 3.7.2', 'rfc9700 §4.11'],
  level: 'should',
  severity: 'moderate',
  provokes: true,
  appMust:
    'Go to paths of its own only, as a browser reads them: "/", a tab, "/evil.example" is another site.',
  otherwise:
    'A link to the app ends on a copy of it, where nothing in front of the app takes out such signs.',
  fix: 'Read a parameter once, const to = new URL(value, origin), and go to to.href where to.origin === origin: neither a pattern for slashes nor its pathname is enough.',
})(async ({ visitor, lab }) => {
  for (const asMember of [true, false])
    await noneLeads({ visitor, lab, asMember, addresses: oddAddresses() });
});

/** The page that people sign in on, and pages that members are shown. */
async function shownPages({ visitor, somebody, lab, step }: Body): Promise<Answer[]> {
  const { doors } = await step('control', () => surveyOf({ visitor, somebody, lab }));
  const stranger = await visitor();
  const member = await visitor();
  demandSession(await member.signIn());
  const { home, signIn } = lab.config.pages;
  const entry = signIn?.startsWith('/') ? signIn : `${lab.app.basePath}/signin`;
  const inside = doors.filter(({ isPage }) => isPage).map(({ path }) => path);
  const answers = [await followWithin(stranger, await stranger.get(entry), lab.app.origin)];
  for (const path of new Set([home, ...inside.slice(0, 8)]))
    answers.push(await followWithin(member, await member.get(path), lab.app.origin));
  return answers.filter((answer) => isHtml(answer) && answer.status === 200 && !answer.location);
}

const header = ({ headers }: Answer, name: string) => [headers[name] ?? []].flat().join(', ');

const mayBeFramed = (answer: Answer): boolean => {
  const policy = /frame-ancestors([^;,]*)/i.exec(header(answer, 'content-security-policy'))?.[1];
  if (policy !== undefined) return /(^|\s)(\*|https?:)(\s|$)/.test(policy);
  return !/^\s*(deny|sameorigin)/i.test(header(answer, 'x-frame-options'));
};

check({
  id: 'pages/framing',
  title: 'lets no other site frame its sign-in page and the pages of its members',
  clauses: ['asvs 3.4.6'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Send Content-Security-Policy: frame-ancestors (or X-Frame-Options) with these pages.',
  otherwise:
    'Another site lays itself over the page, and the person presses what they do not see (clickjacking).',
  fix: "Send Content-Security-Policy: frame-ancestors 'none' with every page (headers() in next.config, helmet, hooks.server).",
})(async ({ visitor, somebody, lab, step }) => {
  const framed = (await shownPages({ visitor, somebody, lab, step }))
    .filter(mayBeFramed)
    .map(({ url }) => url.pathname);
  demand(framed.length === 0, `Lets any site frame ${[...new Set(framed)].join(', ')}.`);
});

const POLICIES =
  /^(no-referrer|same-origin|origin|strict-origin|origin-when-cross-origin|strict-origin-when-cross-origin)$/;

check({
  id: 'pages/referrer-policy',
  title: 'says what other sites may learn of the addresses of its pages',
  clauses: ['asvs 3.4.5', 'rfc9700 §4.2'],
  level: 'should',
  severity: 'minor',
  appMust: 'Send a Referrer-Policy, by header or meta element, that keeps path and query from other sites.',
  otherwise: 'Old browsers, and those that were set otherwise, tell other sites the whole address.',
  fix: 'Send Referrer-Policy: strict-origin-when-cross-origin, or stricter, with every page.',
})(async ({ visitor, somebody, lab, step }) => {
  for (const answer of await shownPages({ visitor, somebody, lab, step })) {
    const [, meta] = /<meta[^>]+name=["']?referrer["']?[^>]+content=["']?([\w-]+)/i.exec(answer.text) ?? [];
    const sent = header(answer, 'referrer-policy');
    // Of several the last that a browser knows counts.
    const policy = meta ?? sent.split(',').at(-1)?.trim() ?? '';
    demand(policy, `Sent ${answer.url.pathname} without a Referrer-Policy.`);
    demand(POLICIES.test(policy), `Sent ${answer.url.pathname} with Referrer-Policy: ${policy}.`);
  }
});

check({
  id: 'pages/own-files',
  title: 'gives nobody the files that are there for its server alone',
  clauses: ['asvs 13.4.1', 'asvs 13.3.1'],
  level: 'must',
  severity: 'critical',
  signIn: 'none',
  provokes: true,
  appMust:
    'Serve the files of one folder, and no settings (.env), keys, databases, nor what the server is written in, nor its history (.git).',
  otherwise: 'Whoever asks for /.env reads what sessions are sealed with, and is anybody.',
  fix: 'Serve a folder that holds nothing else: express.static("public"), serveStatic({ root: "./public" }), and deploy without .git.',
})(async ({ visitor, lab }) => {
  const address = await givenOut(await visitor(), lab);
  demand(!address, () => `Gave a stranger a file of its server at ${address}.`);
});

check({
  id: 'pages/nosniff',
  title: 'forbids browsers to take its pages and files for something else than they are',
  clauses: ['asvs 3.4.4', 'asvs 3.2.1'],
  level: 'may',
  severity: 'minor',
  appMust: 'Send X-Content-Type-Options: nosniff with every page.',
  otherwise: 'A file that somebody uploaded, or an answer in JSON, is run as a script.',
  fix: 'Send X-Content-Type-Options: nosniff with every answer (headers() in next.config, helmet, hooks.server).',
})(async ({ visitor, somebody, lab, step }) => {
  const sniffed = (await shownPages({ visitor, somebody, lab, step }))
    .filter((answer) => !/^\s*nosniff\s*$/i.test(header(answer, 'x-content-type-options')))
    .map(({ url }) => url.pathname);
  demand(sniffed.length === 0, `Sent no nosniff with ${[...new Set(sniffed)].join(', ')}.`);
});

check({
  id: 'pages/content-security-policy',
  title: 'tells browsers which scripts are its own',
  clauses: ['asvs 3.4.3'],
  level: 'may',
  severity: 'minor',
  appMust:
    "Send a Content-Security-Policy, by header or meta element, that limits scripts (script-src or default-src without 'unsafe-inline' alone, or with nonces or hashes) and has object-src and base-uri.",
  otherwise: 'Markup that slips into a page once runs as a script.',
  fix: "Send Content-Security-Policy: script-src 'nonce-…' 'strict-dynamic'; object-src 'none'; base-uri 'none' with every page.",
})(async ({ visitor, somebody, lab, step }) => {
  const lacking = new Map<string, Set<string>>();
  for (const answer of await shownPages({ visitor, somebody, lab, step })) {
    const lacks = lacksOfPolicy(policiesOf(answer));
    if (lacks) lacking.set(lacks, (lacking.get(lacks) ?? new Set()).add(answer.url.pathname));
  }
  demand(
    lacking.size === 0,
    () => `Sent ${[...lacking].map(([lacks, paths]) => `${[...paths].join(', ')} ${lacks}`).join('; ')}.`,
  );
});

/** Seconds of a year (ASVS 3.4.1). */
const YEAR = 31_536_000;

check({
  id: 'pages/hsts',
  title: 'tells browsers to come by https only',
  clauses: ['asvs 3.4.1'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Send Strict-Transport-Security for a year at least, where it is called by https.',
  otherwise: 'The first request of a visit goes by http, where anybody on the way reads and changes it.',
  fix: 'Send Strict-Transport-Security: max-age=31536000; includeSubDomains, in the app or in the proxy in front of it.',
})(async ({ visitor, somebody, lab, step, notApplicable }) => {
  if (!lab.app.origin.startsWith('https:')) notApplicable('the app is called by http');
  for (const answer of await shownPages({ visitor, somebody, lab, step })) {
    const sent = header(answer, 'strict-transport-security');
    demand(sent, `Sent ${answer.url.pathname} without Strict-Transport-Security.`);
    const seconds = Number(/max-age\s*=\s*"?(\d+)/i.exec(sent)?.[1] ?? 0);
    demand(seconds >= YEAR, `Sent ${answer.url.pathname} with Strict-Transport-Security: ${sent}.`);
  }
});

check({
  id: 'pages/sign-out-in-sight',
  title: 'has a way to sign out on each page that needs a session',
  clauses: ['asvs 7.4.4'],
  level: 'should',
  severity: 'minor',
  appMust: 'Show a button or a link to sign out, or a menu with one, on each page of its members.',
  otherwise: 'People leave a shared computer without signing out.',
  fix: 'Put the sign-out into the layout of all pages that need a session.',
})(async ({ visitor, somebody, lab, scope, evidence, step, notApplicable }) => {
  const found = await step('control', () => surveyOf({ visitor, somebody, lab }));
  const inside = lab.config.pages.protected;
  const pages = found.doors
    .filter((door) => door.isPage && (inside.includes(door.path) || needsSession(door, found.pages)))
    .slice(0, 12)
    .map(({ path }) => path);
  if (pages.length === 0) notApplicable('no page was found that members alone are shown');
  const member = await visitor();
  demandSession(await member.signIn());
  const without = await withoutSignOut(member, pages, { lab, scope, evidence });
  demand(without.length === 0, `Shows no way to sign out at ${without.join(', ')}.`);
});
