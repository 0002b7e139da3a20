/** What Logto's own sign-in page calls its controls, in all of its languages (mocks/logto/phrases, from @logto/phrases-experience). */
import { PAGE_LANGUAGES, pageTexts } from '../../mocks/logto/phrases.ts';

/** Keys of the phrases that stand on the controls that a sign-in presses. */
const CONTROLS = {
  /** The number is entered, or the code. */
  onward: ['action.sign_in', 'action.create_account', 'action.continue', 'action.next'],
  /** "No account found … Create a new one?" and "An account exists already. Continue to sign in." */
  agree: ['action.continue', 'action.create_account', 'action.create', 'action.confirm', 'action.agree'],
  /** The page asks for a password first. */
  byCode: ['action.sign_in_via_passcode', 'description.verification_method.phone_verification_code'],
  /** The page asks for a code, and takes a password as well. */
  byPassword: ['action.sign_in_via_password'],
  forgot: ['action.forgot_password'],
  /** An application of others asks for consent. */
  authorize: ['action.authorize'],
  /** From the page for people who are known to the one for those who are not. */
  newcomer: ['action.create_account'],
} as const;
export type ControlKind = keyof typeof CONTROLS;

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function textsOf(kind: ControlKind): string[] {
  const found = PAGE_LANGUAGES.flatMap((language) =>
    CONTROLS[kind].flatMap((key) => {
      const text = (pageTexts(language) as Record<string, unknown>)[key] ?? nested(pageTexts(language), key);
      return typeof text === 'string' && !text.includes('{{') ? [text.trim()] : [];
    }),
  );
  return [...new Set(found)];
}

/** Phrases are flat in some books and nested in others. */
const nested = (tree: unknown, key: string): unknown =>
  key.split('.').reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], tree);

const patterns = new Map<ControlKind, RegExp>();

/** The whole name of a control, in any language; a part of a longer name is another control. */
export function nameOf(kind: ControlKind): RegExp {
  let pattern = patterns.get(kind);
  if (!pattern) {
    pattern = new RegExp(`^\\s*(?:${textsOf(kind).map(literal).join('|')})\\s*$`, 'i');
    patterns.set(kind, pattern);
  }
  return pattern;
}
