/**
 * Events of Logto that nobody signed. Logto signs the body of each webhook (HMAC with SHA-256, the signing key of the hook, hex, in
 * `logto-signature-sha-256`); an address that believes what is posted to it lets anybody rename, suspend and delete its members.
 */
import { createHmac } from 'node:crypto';
import { demand } from '../../errors.ts';
import { LEFT_ALONE } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { noneKnown } from '../paths-known.ts';
import { isDynamic } from './crawl.ts';
import type { Ask } from './door.ts';
import { shownIn } from './judge.ts';
import { makeByForms } from './made-by-member.ts';
import { personalOf } from './marks.ts';
import { newWord } from './new-word.ts';
import { send } from './send.ts';
import type { Survey } from './survey.ts';
import { findDoors } from './try-approach.ts';
import { newMember } from './walk-around.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'notApplicable'> & Pick<LabFixtures, 'lab'>;

/** What an address is called that takes events, or that has to do with Logto. */
const TAKES_EVENTS =
  /(?:^|[/_-])(?:web-?)?hooks?(?:[/_-]|$)|logto|(?:identity|idp|auth)[/_-](?:events?|notify|sync)/i;
const HOOKS_MAX = 4;
const LOOKS_MAX = 8;

/** Paths of the app that take events: by what they are called, then by what stands in their files. */
export function hooksOf({ app, routes }: Pick<Body['lab'], 'app' | 'routes'>): string[] {
  const { posts = [], paths = [] } = routes ?? {};
  const named = [...posts, ...paths].filter(({ path }) => TAKES_EVENTS.test(path));
  const read = posts.filter(({ takesEvents }) => takesEvents);
  return [...new Set([...named, ...read].map(({ path }) => path))]
    .filter((path) => !isDynamic(path) && !LEFT_ALONE.test(path) && !path.startsWith(`${app.basePath}/`))
    .slice(0, HOOKS_MAX);
}

/** Somebody as events of Logto tell of them (Logto, "Webhooks request", `UserEntity`). */
const entityOf = ({ person }: Pick<Visitor, 'person'>, change: object) => ({
  id: person.userId,
  username: null,
  primaryEmail: person.email ?? null,
  primaryPhone: person.phone.replace(/\D/g, ''),
  name: person.name ?? null,
  avatar: null,
  customData: {},
  identities: {},
  lastSignInAt: Date.now(),
  createdAt: Date.now(),
  applicationId: null,
  isSuspended: false,
  ...change,
});

export interface LogtoEvent {
  event: string;
  /** What a webhook of Logto holds. */
  body: object;
}

const eventOf = (
  event: string,
  [method, path]: [method: string, path: string],
  who: Pick<Visitor, 'person'>,
  change: object = {},
): LogtoEvent => ({
  event,
  body: {
    hookId: 'conformance',
    event,
    createdAt: new Date().toISOString(),
    userAgent: 'Logto (https://logto.io/)',
    ip: '127.0.0.1',
    path: path.replace(':userId', who.person.userId ?? ''),
    method,
    status: 200,
    params: { userId: who.person.userId },
    matchedRoute: path,
    data: entityOf(who, change),
  },
});

/** What tells that a member has another name. */
export const renames = (who: Pick<Visitor, 'person'>, name: string): LogtoEvent =>
  eventOf('User.Data.Updated', ['PATCH', '/users/:userId'], who, { name });

/** What tells that a member is gone. */
export const removals = (who: Pick<Visitor, 'person'>): LogtoEvent[] => [
  eventOf('User.SuspensionStatus.Updated', ['PATCH', '/users/:userId/is-suspended'], who, {
    isSuspended: true,
  }),
  eventOf('User.Deleted', ['DELETE', '/users/:userId'], who),
];

const SIGNATURE = 'logto-signature-sha-256';

/** How it is signed: not at all, by chance, and by what a key is that nobody has set. */
const SIGNATURES: { told: string; of(body: string): string | undefined }[] = [
  { told: 'without a signature', of: () => undefined },
  { told: 'with a signature of zeros', of: () => '0'.repeat(64) },
  ...['', 'undefined'].map((key) => ({
    told: `signed with ${key ? `the key "${key}"` : 'an empty key'}, as where none is set`,
    of: (body: string) => createHmac('sha256', key).update(body).digest('hex'),
  })),
];

/** A webhook as a stranger posts it. */
export function hookAsk(path: string, { body }: LogtoEvent, { of }: (typeof SIGNATURES)[number]): Ask {
  const text = JSON.stringify(body);
  const signature = of(text);
  return {
    path,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(signature && { [SIGNATURE]: signature }) },
    body: text,
  };
}

/** Where a member is shown what is theirs, and what they have made. */
async function shownTo(
  member: Visitor,
  paths: readonly string[],
  words: readonly string[],
): Promise<Map<string, string>> {
  const personal = personalOf(member.person);
  const found = new Map<string, string>();
  for (const path of paths) {
    const answer = await member.get(path);
    if (answer.status >= 300) continue;
    const told = shownIn(answer, { texts: [] }, { personal, said: path });
    const made = words.filter((word) => answer.text.includes(word));
    if (told.length + made.length > 0) found.set(path, answer.text);
  }
  return found;
}

/** A member stays who they are, and a member, whatever strangers post to where events of Logto are taken. */
export async function believesNoStrangersEvent(body: Body): Promise<void> {
  const { visitor, step, notApplicable, lab } = body;
  const hooks = hooksOf(lab);
  if (hooks.length === 0)
    noneKnown(
      lab,
      notApplicable,
      'no path of the app is called a webhook, or after Logto, and none reads events of Logto',
    );
  const survey = await findDoors(body);
  const [member, witness] = [await newMember(body), await newMember(body)];
  const stranger = await visitor();
  const { origin } = lab.app;
  const [words, theirs] = [await wordsOf(member, survey, lab), await wordsOf(witness, survey, lab)];
  const paths = survey.doors.slice(0, LOOKS_MAX).map(({ path }) => path);
  await step(
    'approach',
    async () => {
      let sent = 0;
      let before = await shownTo(member, paths, words);
      for (const path of hooks)
        for (const signature of SIGNATURES) {
          const name = newWord();
          const post = async (event: LogtoEvent) => {
            sent += 1;
            return send(stranger, origin, hookAsk(path, event, signature));
          };
          const how = ({ event }: LogtoEvent) => `POST ${path} (${event}) ${signature.told}`;
          const renamed = renames(member, name);
          await post(renamed);
          for (const place of paths) {
            const { text } = await member.get(place);
            demand(
              !text.includes(name),
              `Believed a stranger: after ${how(renamed)}, ${place} showed a member the name that it said.`,
            );
          }
          for (const event of removals(member)) {
            const isIn = Boolean(await member.session());
            const answer = await post(event);
            if (!answer || answer.status >= 500) continue;
            const after = await shownTo(member, paths, words);
            const again = await shownTo(member, paths, words);
            const lost = [...before.keys()].filter((place) => !after.has(place) && !again.has(place));
            const isOut = isIn && !(await member.session());
            if (lost.length === 0 && !isOut) continue;
            // What nobody is shown any more has another reason.
            const others = await shownTo(witness, paths, theirs);
            const isOthersGone = lost.length > 0 && lost.every((place) => !others.has(place));
            if (isOthersGone || !(await witness.session())) {
              before = again;
              continue;
            }
            demand(
              false,
              `Believed a stranger: after ${how(event)}, ${isOut ? 'the session of the member was gone' : `${lost.join(', ')} showed the member nothing of theirs any more`}.`,
            );
          }
        }
      return sent;
    },
    (count) => `Believed none of ${count} events that Logto had not signed, at ${hooks.join(', ')}.`,
  );
}

const wordsOf = async (member: Visitor, survey: Survey, lab: Body['lab']): Promise<string[]> =>
  lab.live ? [] : (await makeByForms(member, survey, lab)).map(({ word }) => word);
