/** What an app shows of people of whom Logto knows little: only a phone number, only an address, only a username. */
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import type { PresetName } from '../../../mocks/logto/sign-in/presets.ts';
import { presets } from '../../../mocks/logto/sign-in/presets.ts';
import { identifiersOf } from '../../../mocks/logto/sign-in/way-in.ts';
import type { IdentifierType } from '../../../mocks/logto/tenant.ts';
import { type Person, withProfile } from '../../../mocks/people.ts';
import { judgedPresets } from '../../config/config.ts';
import { demand } from '../../errors.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import { demandSession } from '../../visitor/arrival.ts';
import type { SignIn, Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { isPlaceholder } from './placeholder.ts';

type Fixtures = Pick<
  CheckFixtures & LabFixtures,
  'lab' | 'meet' | 'visitor' | 'somebody' | 'notApplicable' | 'step'
>;

/** The preset by which people have nothing but this. */
const ONLY: Record<IdentifierType, PresetName> = {
  phone: 'phone-code',
  email: 'email-code',
  username: 'username-password',
};

/** Whether people who have only this get in, in a sign-in experience that this run judges. */
export const comes = (lab: LabDescription, identifier: IdentifierType): boolean =>
  [lab.signInExperience?.settings, ...judgedPresets(lab.config).map((name) => presets[name])].some(
    (settings) => settings !== undefined && identifiersOf(settings).includes(identifier),
  );

const WORDS: Record<IdentifierType, string> = {
  phone: 'a phone number',
  email: 'an address',
  username: 'a username',
};

/** A body for `check`: the session of somebody who signs up with this alone says what was declared, and nothing else. */
export const showsOnly =
  (identifier: IdentifierType) =>
  async ({ lab, meet, visitor, somebody, notApplicable }: Fixtures): Promise<void> => {
    demandComing(lab, identifier, notApplicable);
    await meet(ONLY[identifier]);
    const browser = await visitor(await somebody());
    const signIn = await browser.signIn();
    demandSession(signIn);
    const scopes = (signIn.request.params.get('scope') ?? '').split(' ');
    const claims = claimsOf(browser.person, identifier, scopes);
    for (const [field, declared] of Object.entries(lab.config.profile)) {
      const names = [declared].flat();
      // A claim of its own, or `sub`: what it holds is not known here.
      if (names.some((name) => !(name in claims))) continue;
      const wanted = names.map((name) => claims[name] ?? null).find((value) => value !== null) ?? null;
      const shown = signIn.session?.user?.[field] ?? null;
      if (wanted === null && isPlaceholder(field, shown, browser.person)) continue;
      demand(
        same(shown, wanted),
        () =>
          `Shows ${field} as ${JSON.stringify(shown)} for somebody who has ${WORDS[identifier]} alone; Logto's ${names.join(', else ')} says ${JSON.stringify(wanted)}.`,
      );
    }
  };

/** Phone numbers are compared by their digits. */
const same = (shown: unknown, wanted: unknown): boolean =>
  shown === wanted ||
  (typeof shown === 'string' &&
    typeof wanted === 'string' &&
    /^\d{7,}$/.test(wanted) &&
    shown.replace(/\D/g, '') === wanted);

/** What Logto says of somebody with one identifier, in claims that the app asked for (logto.md: an absent one is null). */
function claimsOf(
  { phone, email, username }: Person,
  identifier: IdentifierType,
  scopes: readonly string[],
): Record<string, unknown> {
  const asked = (scope: string, value: unknown) => (scopes.includes(scope) ? value : null);
  return {
    name: null,
    picture: null,
    username: asked('profile', identifier === 'username' ? username : null),
    preferred_username: null,
    nickname: null,
    email: asked('email', identifier === 'email' ? email : null),
    phone_number: asked('phone', identifier === 'phone' ? phone.replace(/\D/g, '') : null),
  };
}

/** A body for `check`: pages say no "undefined" and no "null" to people who lack something. */
export async function showsNoEmptyWords({ lab, meet, visitor, somebody, step }: Fixtures): Promise<void> {
  const kinds = (['phone', 'email', 'username'] as const).filter((identifier) => comes(lab, identifier));
  const full = await visitor(await somebody({ ...withProfile({ signedIn: true }), picture: PICTURE }));
  const usual = await emptyWordsIn(full, await full.signIn(), lab);
  for (const identifier of kinds)
    await step(`with ${WORDS[identifier]} alone`, async () => {
      await meet(ONLY[identifier]);
      const browser = await visitor(await somebody());
      const found = await emptyWordsIn(browser, await browser.signIn(), lab);
      for (const [place, words] of found) {
        const odd = [...words].find((word) => !usual.get(place)?.has(word));
        demand(
          !odd,
          () =>
            `Shows "${odd}" at ${place} to somebody who has ${WORDS[identifier]} alone, and not to somebody who has a name, an address and a picture.`,
        );
      }
    });
}

const PICTURE = 'https://images.example/full.png';
const EMPTY = /\b(?:undefined|null|NaN)\b|\[object Object\]/g;

/** Page → the words on it that stand for nothing. */
async function emptyWordsIn(
  browser: Visitor,
  signIn: SignIn,
  { app, config: { pages } }: LabDescription,
): Promise<Map<string, Set<string>>> {
  demandSession(signIn);
  const found = new Map<string, Set<string>>();
  for (const place of new Set([pages.home, ...pages.protected])) {
    const answer = await browser.agent.follow(
      await browser.get(place),
      ({ origin }) => origin !== app.origin,
    );
    const isPage = String(answer.headers['content-type'] ?? '').startsWith('text/html');
    if (isPage) found.set(place, new Set([...seenIn(parse(answer.text))].join('\n').match(EMPTY)));
  }
  return found;
}

const READ = /^(?:alt|title|value|placeholder|aria-label|href|src)$/;
const UNSEEN = /^(?:script|style|template|noscript)$/;

/** Texts that people read or follow; scripts are none. */
function* seenIn(node: DefaultTreeAdapterTypes.Node): Generator<string> {
  if ('tagName' in node) {
    if (UNSEEN.test(node.tagName)) return;
    const hidden = node.attrs.some(({ name, value }) => name === 'type' && value === 'hidden');
    for (const { name, value } of node.attrs) if (READ.test(name) && !hidden) yield value;
  }
  if (node.nodeName === '#text' && 'value' in node) yield node.value;
  if ('childNodes' in node) for (const child of node.childNodes) yield* seenIn(child);
}

function demandComing(
  lab: LabDescription,
  identifier: IdentifierType,
  notApplicable: (reason: string) => never,
): void {
  if (!comes(lab, identifier))
    notApplicable(
      `nobody comes with ${WORDS[identifier]} alone in the sign-in experience of this run (signInExperience: ${lab.signInExperience?.name}); --experiences all judges the others, too`,
    );
}
