/** Two people at one browser, one after the other: what the first has stays with the first. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { demand } from '../../errors.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import { adapterIn } from '../../targets/installed-versions.ts';
import { demandSession } from '../../visitor/arrival.ts';
import { encodeForm } from '../../visitor/encode-form.ts';
import { type Form, formKey, formsIn } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { mayPass, takenFor } from './identity.ts';
import { isForAll, lookAs, newcomer, type PeopleBody, placesFor } from './keeps-apart.ts';
import { type Look, lookAround } from './look.ts';
import { missingIn } from './own-data.ts';

/** Somebody else at the browser: the cookies of the app stay, those of Logto are the new person's own. */
async function atBrowserOf(before: Visitor, body: PeopleBody): Promise<Visitor> {
  const { origin } = body.lab.app;
  const next = await body.visitor(await body.somebody(newcomer('Eve')));
  for (const { key, value } of await before.agent.cookies(origin))
    await next.agent.jar.setCookie(
      `${key}=${value}; Path=/${/^__(secure|host)-/i.test(key) ? '; Secure' : ''}`,
      origin,
    );
  return next;
}

/** Why accounts are rows that Auth.js finds through an adapter, as far as that can be seen; undefined when it cannot. */
async function adapterOf(member: Visitor, { config, folder }: LabDescription): Promise<string | undefined> {
  if (config.features.includes('database-session')) return 'it claims database-session';
  const [cookie] = await member.sessionCookies();
  const installed =
    config.target.command === undefined
      ? undefined
      : adapterIn(path.resolve(folder, config.target.cwd ?? '.'));
  if (installed) return `its package.json names ${installed}`;
  if (cookie && !cookie.value.includes('.')) return 'its session cookie holds an id';
  return config.target.command !== undefined &&
    namesAdapter(path.resolve(folder, config.target.cwd ?? '.'), config.target.authFile)
    ? 'its Auth.js file names one'
    : undefined;
}

/** Where Auth.js is usually set up; an app may say otherwise (`target.authFile`). */
const AUTH_FILES = [
  'auth',
  'src/auth',
  'lib/auth',
  'src/lib/auth',
  'src/server/auth',
  'app/api/auth/[...nextauth]/route',
  'pages/api/auth/[...nextauth]',
];

function namesAdapter(folder: string, own?: string): boolean {
  const files = [own ?? [], AUTH_FILES.flatMap((file) => [`${file}.ts`, `${file}.js`])].flat();
  return files.some((file) => {
    const there = path.join(folder, file);
    return existsSync(there) && /^\s*adapter\s*[:,]/m.test(readFileSync(there, 'utf8'));
  });
}

interface Meeting {
  adapter?: string;
  /** What went wrong; undefined when nothing did. */
  mixed?: string;
}

const isOf = (look: Look, other: Look, control: Look, what: string) => {
  const why = takenFor(other, look, control);
  return why && `${what} ${why}.`;
};

/** One person signs in over another who is still signed in, then both sign in elsewhere. */
async function signInOver(body: PeopleBody): Promise<Meeting> {
  const { visitor, lab, somebody } = body;
  const places = await placesFor(body);
  const ada = await visitor(await somebody(newcomer('Ada')));
  demandSession(await ada.signIn());
  const first = await lookAround(ada, lab, places);
  const grace = await visitor(await somebody(newcomer('Grace')));
  demandSession(await grace.signIn());
  const control = await lookAround(grace, lab, places);
  const eve = await atBrowserOf(ada, body);
  const { session } = await eve.signIn();
  const adapter = await adapterOf(ada, lab);
  if (!session) return { adapter };
  const second = await lookAround(eve, lab, places);
  const missing = missingIn(second, control);
  const elsewhere = async (person: Look['person']) => {
    const browser = await visitor(person);
    demandSession(await browser.signIn());
    return browser;
  };
  const mixes = [
    {
      browser: async () => eve,
      as: first,
      what: 'Mixed two people who signed in at one browser: the second',
    },
    {
      browser: () => elsewhere(eve.person),
      as: first,
      what: 'Linked two people for good who signed in at one browser: in another browser, too, the second',
    },
    {
      browser: () => elsewhere(ada.person),
      as: second,
      what: 'Linked two people for good who signed in at one browser: in another browser the person who was there first',
    },
  ];
  for (const { browser, as, what } of mixes) {
    const there = await browser();
    const look = async () => isOf(await lookAround(there, lab, places), as, control, what);
    const mixed = there === eve ? (isOf(second, as, control, what) ?? missing) : await look();
    if (!mixed) continue;
    // What somebody is shown who was never at that browser was linked by nothing.
    const seen = { control: grace, firsts: [first, second], before: control, why: mixed };
    if (await isForAll(body, seen, places)) return { adapter };
    // Others have come since: whoever was the newest then is no more, and who was taken for somebody still is.
    if (mixed === missing || !mayPass(mixed) || (await look())) return { adapter, mixed };
  }
  return { adapter };
}

/** The body of `people/second-person`, or, for apps whose accounts are linked by the library itself, of its note. */
export const keepsTheSecondApart =
  (adapters: boolean) =>
  async (body: PeopleBody): Promise<void> => {
    const meeting = await body.step(
      'control',
      () => signInOver(body),
      () => 'Two people signed in at one browser, one over the other.',
    );
    if (Boolean(meeting.adapter) !== adapters)
      body.notApplicable(
        adapters
          ? 'nothing shows that Auth.js finds accounts through an adapter'
          : `the app has an adapter (${meeting.adapter}), and Auth.js links whoever signs in to who is signed in: see people/second-person-linked`,
      );
    await body.step(
      'fault',
      async () => demand(!meeting.mixed, meeting.mixed ?? ''),
      () => 'Kept both apart, there and elsewhere.',
    );
  };

const FORMS_MAX = 12;

/** The fields that people type texts into; a hidden field is the app's own. */
const filled = (form: Form, mark: string): Form | undefined => {
  const typed = Object.entries(form.fields).filter(([, value]) => value === 'x');
  if (typed.length === 0) return undefined;
  return { ...form, fields: { ...form.fields, ...Object.fromEntries(typed.map(([name]) => [name, mark])) } };
};

/** Forms of a person's pages with a text in them, each once. */
function formsOf(look: Look, { app }: LabDescription, mark: string): Form[] {
  const known = new Set<string>();
  return [...look.bodies]
    .flatMap(([place, text]) =>
      place.startsWith('/') && /<form/i.test(text)
        ? formsIn(text, new URL(place, app.origin), app.basePath)
        : [],
    )
    .flatMap((form) => {
      const written = filled(form, mark);
      if (!written || known.has(formKey(form))) return [];
      known.add(formKey(form));
      return [written];
    })
    .slice(0, FORMS_MAX);
}

const placesWith = ({ bodies }: Look, mark: string) =>
  [...bodies].flatMap(([place, text]) => (text.includes(mark) ? [place] : []));

/** The body of `people/written-stays`: what one person writes is not shown to the next one at the browser. */
export async function keepsWhatWasWritten(body: PeopleBody): Promise<void> {
  const { visitor, somebody, step, lab, notApplicable } = body;
  const mark = `written${Math.random().toString(36).slice(2, 10)}`;
  const places = await placesFor(body);
  const ada = await visitor(await somebody(newcomer('Ada')));
  demandSession(await ada.signIn());
  const forms = formsOf(await lookAround(ada, lab, places), lab, mark);
  if (forms.length === 0) notApplicable('no page of a member has a form to write in');
  const shared = await step(
    'control',
    async () => {
      for (const form of forms) {
        const { type, body: text } = encodeForm(form);
        await ada.agent.hop(new URL(form.action, lab.app.origin), {
          method: 'POST',
          headers: { 'content-type': type },
          body: text,
        });
      }
      const own = placesWith(await lookAround(ada, lab, places), mark);
      if (own.length === 0) notApplicable('no page shows again what a member wrote');
      return placesWith(await lookAs(body, newcomer('Grace'), places), mark);
    },
    (found) =>
      found.length
        ? `Shows what one member writes to all, at ${found.join(', ')}.`
        : 'Shows what a member writes to that member.',
  );
  await step(
    'fault',
    async () => {
      await ada.signOut();
      const eve = await atBrowserOf(ada, body);
      demandSession(await eve.signIn());
      const [place] = placesWith(await lookAround(eve, lab, places), mark).filter(
        (each) => !shared.includes(each),
      );
      demand(
        !place,
        `Showed at ${place} what somebody else had written who was signed in at this browser before.`,
      );
    },
    () => 'Shows nothing of it to the next person at the browser.',
  );
}
