/** A member who writes the number and the address of another into their own profile: nobody has proven them, and nothing follows from them. */
import { digitsOf } from '../../../mocks/issued.ts';
import type { Person } from '../../../mocks/people.ts';
import { demand } from '../../errors.ts';
import { demandSession } from '../../visitor/arrival.ts';
import { withContacts } from '../../visitor/contact-fields.ts';
import { encodeForm } from '../../visitor/encode-form.ts';
import { formKey, formsIn, LEFT_ALONE } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { isDynamic } from '../doors/crawl.ts';
import type { Ask } from '../doors/door.ts';
import { forgeryHeaders } from '../doors/forgery-tokens.ts';
import { makeByForms } from '../doors/made-by-member.ts';
import { personalOf } from '../doors/marks.ts';
import { pagesOfMembers } from '../doors/member-forms.ts';
import { REACHES_OUT } from '../doors/reaches-out.ts';
import { send } from '../doors/send.ts';
import { type Survey, surveyOf } from '../doors/survey.ts';
import { issuedIn } from '../issued-in.ts';
import { noneKnown } from '../paths-known.ts';
import { takenFor } from './identity.ts';
import { isForAll, newcomer, type PeopleBody, placesFor } from './keeps-apart.ts';
import { type Look, lookAround } from './look.ts';

const OF_MEMBER =
  /\/(?:profile|account|me|user|settings|contact|phone|email)s?(?:\/(?:phone|email|contact|profile|update|edit|save))?$/i;
const METHODS = ['PATCH', 'PUT', 'POST'] as const;
const FORMS_MAX = 6;
const PATHS_MAX = 6;

/** What a record is sent: the number in both spellings that apps keep, under the names that it goes by. */
export const claimsOf = ({ phone, email }: Pick<Person, 'phone' | 'email'>): Record<string, unknown>[] =>
  [phone, digitsOf(phone)].map((number) => {
    const contacts = { email, phone: number, phoneNumber: number, phone_number: number, mobile: number };
    return { ...contacts, user: contacts };
  });

/** One way to write a number and an address: a form of a page, or a record. */
interface Claim {
  /** Where it stands, and is shown again. */
  path: string;
  asks(person: Person): Ask[];
}

/** Whether a page, in the fields of its forms, or a record shows a number or an address as that of whoever reads it. */
export function isShownAs(
  text: string,
  url: URL,
  basePath: string,
  { phone, email }: Pick<Person, 'phone' | 'email'>,
): boolean {
  const values = /^\s*\{/.test(text)
    ? (text.match(/"[^"]*"|\d{8,}/g) ?? [])
    : formsIn(text, url, basePath).flatMap(({ fields }) => Object.values(fields));
  return values.some(
    (value) => (email && value.includes(email)) || digitsOf(value).includes(digitsOf(phone)),
  );
}

/**
 * The ways by which a member says that a number and an address are theirs: what is written is shown to them in the same place. A form
 * that lets somebody else read, or adds a member, is empty again.
 */
async function claimsBy(member: Visitor, survey: Survey, body: PeopleBody): Promise<Claim[]> {
  const { origin, basePath } = body.lab.app;
  // Nobody has these, so that nothing follows from them.
  const probe = await body.somebody(newcomer('Vera'));
  const kept: Claim[] = [];
  for (const claim of await writesBy(member, survey, body)) {
    for (const ask of claim.asks(probe)) await send(member, origin, ask);
    const { text } = await member.get(claim.path);
    if (isShownAs(text, new URL(claim.path, origin), basePath, probe)) kept.push(claim);
  }
  return kept;
}

/** Everything by which a member could write a number and an address. */
async function writesBy(member: Visitor, survey: Survey, { lab }: PeopleBody): Promise<Claim[]> {
  const known = new Set<string>();
  const found: Claim[] = [];
  for (const path of pagesOfMembers(survey)) {
    const { text } = await member.get(path);
    for (const form of formsIn(text, new URL(path, lab.app.origin), lab.app.basePath)) {
      if (known.has(formKey(form)) || REACHES_OUT.test(form.action)) continue;
      known.add(formKey(form));
      if (!withContacts(form, { phone: '', email: '' }) || found.length >= FORMS_MAX) continue;
      found.push({
        path,
        asks: (person) =>
          [person.phone, digitsOf(person.phone)].map((phone) => {
            const { type, body } = encodeForm(withContacts(form, { ...person, phone }) ?? form);
            return { path: form.action, method: 'POST', headers: { 'content-type': type }, body };
          }),
      });
    }
  }
  const headers = await forgeryHeaders(member, survey.pages, lab).catch(() => ({}));
  const records = [...survey.pages].flatMap(([path, text]) =>
    /^\s*\{/.test(text) && !path.startsWith(`${lab.app.basePath}/`) ? [path] : [],
  );
  const posts = (lab.routes?.posts ?? []).flatMap(({ path }) =>
    OF_MEMBER.test(path) && !isDynamic(path) && !path.startsWith(`${lab.app.basePath}/`) ? [path] : [],
  );
  const paths = [...new Set([...records.filter((path) => OF_MEMBER.test(path)), ...posts])];
  for (const path of paths
    .filter((each) => !LEFT_ALONE.test(each) && !REACHES_OUT.test(each))
    .slice(0, PATHS_MAX))
    found.push({
      path,
      asks: (person) =>
        claimsOf(person).flatMap((json) => METHODS.map((method) => ({ path, method, json, headers }))),
    });
  return found;
}

interface Cast {
  survey: Survey;
  places: string[];
  /** A member with something of their own, who is there before. */
  hedy: Look;
  /** Has nothing to do with it. */
  grace: Visitor;
  control: Look;
}

/** Somebody with the name that apps make of an address: what stands before the at sign. */
const named = (person: Person): Person => ({ ...person, username: person.email?.split('@')[0] ?? null });

const signedIn = async (body: PeopleBody, word: string): Promise<Visitor> => {
  const browser = await body.visitor(await body.somebody(newcomer(word)));
  demandSession(await browser.signIn());
  return browser;
};

const begin = (body: PeopleBody): Promise<Cast> =>
  body.step(
    'control',
    async () => {
      const survey = await surveyOf(body);
      const places = await placesFor(body);
      const first = await signedIn(body, 'Hedy');
      const made = await makeByForms(first, survey, body.lab);
      const hedy = { ...(await lookAround(first, body.lab, places)), written: made.map(({ word }) => word) };
      const grace = await signedIn(body, 'Grace');
      return { survey, places, hedy, grace, control: await lookAround(grace, body.lab, places) };
    },
    () => 'A member has something of their own.',
  );

const NONE =
  'no form of a member’s page, and no record of them, shows a phone number or an e-mail address again that they wrote there';

/** Has a member claim the contacts of a person by everything that takes some. @returns how many there are */
async function claim(member: Visitor, person: Person, survey: Survey, body: PeopleBody): Promise<number> {
  const claims = await claimsBy(member, survey, body);
  for (const { asks } of claims) for (const ask of asks(person)) await send(member, body.lab.app.origin, ask);
  return claims.length;
}

/**
 * The body of `people/claimed-contacts`: a member claims the number and the address of somebody who is there, and has nothing of
 * them; and those of somebody who comes later, who has nothing of that member.
 */
export async function believesNoClaim(body: PeopleBody): Promise<void> {
  const { lab, step, notApplicable, visitor, somebody } = body;
  const { survey, places, hedy, grace, control } = await begin(body);
  const demandApart = async (first: Look, second: Look, told: string) => {
    const why = takenFor(first, second, control);
    if (why && (await isForAll(body, { control: grace, firsts: [first], before: control, why }, places)))
      return;
    demand(!why, `${told} ${why}.`);
  };
  const count = await step(
    'fault',
    async () => {
      const eve = await signedIn(body, 'Eve');
      const claims = await claim(eve, hedy.person, survey, body);
      if (claims === 0) return 0;
      for (const again of [false, true]) {
        if (again) {
          await eve.signOut();
          if (!(await eve.signIn()).session) break;
        }
        const look = await lookAround(eve, lab, places);
        // What they wrote is shown to them, and is nothing that was told.
        const { phone, email } = hedy.person;
        await demandApart(
          hedy,
          { ...look, person: named({ ...eve.person, phone, email }) },
          'Believed a member who wrote the number and the address of another into their own profile, which nobody had proven: the member',
        );
      }
      return claims;
    },
    (claims) =>
      `Gave nobody anything for a number or an address that they claimed, by ${claims} ways to write one.`,
  );
  if (count === 0) noneKnown(lab, notApplicable, NONE);
  await step(
    'fault',
    async () => {
      const mallory = await signedIn(body, 'Mallory');
      const made = await makeByForms(mallory, survey, lab);
      const victim = await somebody(newcomer('Ada'));
      await claim(mallory, victim, survey, body);
      const first = { ...(await lookAround(mallory, lab, places)), written: made.map(({ word }) => word) };
      const ada = await visitor(victim);
      // Who keeps numbers and addresses unique refuses the second who has one.
      if (!(await ada.signIn()).session)
        return 'Refused somebody new whose number and address a member had claimed.';
      const look = await lookAround(ada, lab, places);
      await demandApart(
        first,
        { ...look, person: named(look.person) },
        'Gave somebody new the account of a member who had written their number and address into it before, which nobody had proven: the new one',
      );
      return 'Gave nobody who came later the account of whoever had claimed their number and address.';
    },
    (ending) => ending,
  );
}

/** The body of `people/contacts-not-written`: the session says no number and no address of another, which its member has only written. */
export async function saysNoClaim(body: PeopleBody): Promise<void> {
  const { step, notApplicable } = body;
  const survey = await surveyOf(body);
  const [eve, victim] = [await signedIn(body, 'Eve'), await body.somebody(newcomer('Ada'))];
  const claims = await step(
    'fault',
    async () => {
      const count = await claim(eve, victim, survey, body);
      const said = issuedIn(JSON.stringify((await eve.session()) ?? {}), personalOf(victim));
      const [contact] = said.filter(({ kind }) => kind === 'phone number' || kind === 'email address');
      demand(
        !contact,
        () =>
          `Wrote into the session, as the ${contact?.kind} of its member, one that the member had only written into a form.`,
      );
      return count;
    },
    (count) => `The session says what Logto has said, after ${count} ways to write a number or an address.`,
  );
  if (claims === 0) noneKnown(body.lab, notApplicable, NONE);
}
