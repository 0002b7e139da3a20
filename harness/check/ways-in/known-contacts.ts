/** Whether strangers learn of a phone number or an e-mail address that it has an account: known ones are answered otherwise than made-up ones. */
import { digitsOf } from '../../../mocks/issued.ts';
import type { Person } from '../../../mocks/people.ts';
import { demand } from '../../errors.ts';
import type { Answer } from '../../user-agents/http.ts';
import { demandSession } from '../../visitor/arrival.ts';
import { type Contacts, contactsFor, withContacts } from '../../visitor/contact-fields.ts';
import { encodeForm } from '../../visitor/encode-form.ts';
import { type Form, formKey, formsIn, LEFT_ALONE } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { filledWith, isDynamic } from '../doors/crawl.ts';
import { isDirectory } from '../doors/directories.ts';
import type { Ask } from '../doors/door.ts';
import { REACHES_OUT } from '../doors/reaches-out.ts';
import { send } from '../doors/send.ts';
import { pagesOf } from '../pages/pages.ts';
import { noneKnown } from '../paths-known.ts';
import { newcomer, placesFor } from '../people/keeps-apart.ts';
import { lookAround } from '../people/look.ts';
import type { WaysBody } from './tries.ts';

/** Words in addresses that tell whether somebody is there. */
const ASKS =
  /exist|check(?!out)|avail|known|look-?up|taken|regist|account|\busers?\b|phone|number|mobile|contact|member|identif|log-?in|sign-?(?:in|up|on)|\bjoin|\bstart|e-?mail|verif/i;
/** What only looks, also where its address holds a word of what is sent. */
const LOOKS = /exist|check(?!out)|avail|known|look-?up|taken|valid/i;
/** A parameter of an address that is a number: `/api/phones/[phone]`. */
const OF_NUMBER = /\[(?:phone|number|mobile|tel)\w*\]|:(?:phone|number|mobile|tel)\w*/i;
const OF_ADDRESS = /\[e?mail\w*\]|:e?mail\w*/i;
const PATHS_MAX = 8;
const FORMS_MAX = 6;

/** A parameter that is a number or an address of somebody. */
const isContact = (name: string): boolean =>
  Object.keys(contactsFor([name], { phone: '1', email: '1' })).length > 0;

const contactsRead = ({ parameters = [] }: { parameters?: string[] }): number =>
  parameters.filter(isContact).length;

/** One way of asking about somebody. */
export interface Question {
  /** Reads in a report. */
  told: string;
  /** @param isPlus whether the number is written with its plus */
  ask(about: Contacts, isPlus: boolean): Ask;
}

const written = ({ phone }: Contacts, isPlus: boolean) => (isPlus ? phone : digitsOf(phone));

/** Everything that such a path may call a number or an address. */
const fieldsOf = (about: Contacts, isPlus: boolean, own: readonly string[]): Record<string, string> => {
  const number = written(about, isPlus);
  const address = about.email ?? '';
  return {
    phone: number,
    phoneNumber: number,
    phone_number: number,
    number,
    mobile: number,
    tel: number,
    email: address,
    identifier: number,
    ...contactsFor(own, { phone: number, email: address }),
  };
};

/** A public form with somebody in its fields for a number or an address; undefined where it has none. */
export const filledAbout = (form: Form, about: Contacts, isPlus: boolean): Form | undefined =>
  withContacts(form, { ...about, phone: written(about, isPlus) });

/**
 * What an answer says, whoever is asked about: what is theirs, figures and what changes from one answer to the next are left out.
 *
 * @param own values of the person who was asked about
 */
export function saidOf(
  answer: Pick<Answer, 'status' | 'text'> & { location?: URL },
  own: readonly (string | null | undefined)[],
): string {
  let text = `${answer.location?.pathname ?? ''}${answer.location?.search ?? ''}\n${answer.text}`;
  for (const value of own) {
    if (!value || value.length < 3) continue;
    for (const form of [value, encodeURIComponent(value)]) text = text.replaceAll(form, '#');
  }
  return `${answer.status} ${text.replace(/[\w-]*\d[\w-]*|[\w-]{20,}/g, '#')}`;
}

/** The ways of asking that the sources of an app, and its public pages, know. */
async function questionsOf(stranger: Visitor, { lab }: WaysBody): Promise<Question[]> {
  const { app, routes, config } = lab;
  const { ownOtp, directories } = config.pages;
  const isOwn = (path: string) =>
    !path.startsWith(`${app.basePath}/`) &&
    path !== app.basePath &&
    !LEFT_ALONE.test(path) &&
    (LOOKS.test(path) || !REACHES_OUT.test(path)) &&
    !isDirectory(path, directories) &&
    ![ownOtp?.send, ownOtp?.verify, config.pages.endSession, config.pages.backChannelLogout].includes(path);
  const own = routes?.parameters ?? [];
  const paths = (routes?.paths ?? [])
    .filter(({ path, parameters = [] }) => isOwn(path) && (ASKS.test(path) || parameters.some(isContact)))
    // Those that read a number are looked at, however many have such a name.
    .sort((one, next) => contactsRead(next) - contactsRead(one))
    .map(({ path }) => path);
  const posts = (routes?.posts ?? [])
    .map(({ path }) => path)
    .filter((path) => isOwn(path) && ASKS.test(path));
  const named = paths.filter((path) => OF_NUMBER.test(path) || OF_ADDRESS.test(path));
  const asked: Question[] = [
    ...named.slice(0, PATHS_MAX).map(
      (path): Question => ({
        told: `GET ${path}`,
        ask: (about, isPlus) => ({
          path: filledWith(
            path,
            encodeURIComponent(OF_NUMBER.test(path) ? written(about, isPlus) : (about.email ?? '')),
          ),
        }),
      }),
    ),
    ...paths
      .filter((path) => !isDynamic(path))
      .slice(0, PATHS_MAX)
      .map(
        (path): Question => ({
          told: `GET ${path}`,
          ask: (about, isPlus) => ({ path: `${path}?${new URLSearchParams(fieldsOf(about, isPlus, own))}` }),
        }),
      ),
    ...posts
      .filter((path) => !isDynamic(path))
      .slice(0, PATHS_MAX)
      .map(
        (path): Question => ({
          told: `POST ${path}`,
          ask: (about, isPlus) => ({ path, method: 'POST', json: fieldsOf(about, isPlus, own) }),
        }),
      ),
  ];
  const known = new Set<string>();
  for (const path of await pagesOf(stranger, lab)) {
    const { text } = await stranger.get(path);
    for (const method of ['post', 'get'] as const)
      for (const form of formsIn(text, new URL(path, app.origin), app.basePath, method)) {
        if (known.has(formKey(form)) || !isOwn(form.action) || known.size >= FORMS_MAX) continue;
        if (!filledAbout(form, { phone: '', email: '' }, true)) continue;
        known.add(formKey(form));
        asked.push({
          told: `the form of ${path}`,
          ask: (about, isPlus) => {
            const filled = filledAbout(form, about, isPlus) ?? form;
            if (method === 'get')
              return { path: `${form.action.split('?')[0]}?${new URLSearchParams(filled.fields)}` };
            const { type, body } = encodeForm(filled);
            return { path: form.action, method: 'POST', headers: { 'content-type': type }, body };
          },
        });
      }
  }
  return asked;
}

/** The body of `ways-in/known-contacts`: two members, and five people who never came, in an order that tells a count from an account. */
export async function tellsOfNoAccount(body: WaysBody): Promise<void> {
  const { visitor, somebody, lab, step, notApplicable } = body;
  const { questions, known } = await step(
    'control',
    async () => {
      const members: Visitor[] = [];
      const places = await placesFor(body);
      for (const word of ['Ada', 'Eve']) {
        const member = await visitor(await somebody(newcomer(word)));
        demandSession(await member.signIn());
        // Some apps open an account at the first page that needs one.
        await lookAround(member, lab, places);
        members.push(member);
      }
      return {
        questions: await questionsOf(await visitor(), body),
        known: members.map(({ person }) => person),
      };
    },
    ({ questions: found }) =>
      `Two members have been here; strangers can ask about a number at ${found.length} places.`,
  );
  if (questions.length === 0)
    noneKnown(
      lab,
      notApplicable,
      'its sources name no path that reads like a question about an account, and no public page has a form for a number or an address',
    );
  await step(
    'fault',
    async () => {
      const [ada, eve] = known as [Person, Person];
      // Nobody knows them, neither the app nor Logto; their numbers are of the same country.
      const nobody: Person[] = [];
      for (let each = 0; each < 5; each += 1)
        nobody.push({ ...(await somebody()), email: newcomer('Grace').email, name: null });
      const [one, two, three, four, five] = nobody as [Person, Person, Person, Person, Person];
      const heardOf = async (question: Question, isPlus: boolean, people: readonly Person[]) => {
        const heard: string[] = [];
        for (const person of people) {
          const answer = await send(await visitor(), lab.app.origin, question.ask(person, isPlus));
          if (!answer || answer.status === 429 || answer.status >= 500) return undefined;
          const { phone, email, name, userId } = person;
          heard.push(saidOf(answer, [phone, digitsOf(phone), email, name, userId]));
        }
        return heard;
      };
      for (const question of questions)
        for (const isPlus of [true, false]) {
          // What is counted, or changes by chance, does not follow who is known.
          const [first, theirs, ...rest] =
            (await heardOf(question, isPlus, [one, ada, two, eve, ada, three])) ?? [];
          if (first === theirs || rest.join('\0') !== [first, theirs, theirs, first].join('\0')) continue;
          const again = (await heardOf(question, isPlus, [eve, four, five, ada])) ?? [];
          demand(
            again.join('\0') !== [theirs, first, first, theirs].join('\0'),
            () =>
              `Told a stranger whether a number, or an address, has an account: ${question.told} answers “${gist(theirs)}” about members, and “${gist(first)}” about people who never came.`,
          );
        }
    },
    () => `Answered ${questions.length} questions alike, about members and about people who never came.`,
  );
}

const gist = (said = '') =>
  said
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 80);
