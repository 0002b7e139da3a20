/** Links that an app writes to the host that the request names, in the place of its own (ASVS 5.0 4.1.3). */
import { parse } from 'parse5';
import type { Answer } from '../../user-agents/http.ts';
import { attribute, elements } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { Ask } from '../doors/door.ts';
import { send } from '../doors/send.ts';
import { askedHow } from '../doors/try-approach.ts';

/** A host that is nobody's (RFC 2606). */
export const NAMED = 'host-of-the-request.example';

const HEADERS: Record<string, string>[] = [
  { 'x-forwarded-host': NAMED, 'x-forwarded-proto': 'https' },
  { host: NAMED },
];

/** Addresses in a page or in data that lead to the host of the request: links, forms, values of fields, texts. */
export function addressesTo(host: string, { text }: Pick<Answer, 'text'>): string[] {
  const written = new RegExp(`https?:\\\\?/\\\\?/${host.replaceAll('.', '\\.')}[^\\s"'<>\\\\]*`, 'g');
  const attributes = [...elements(parse(text))].flatMap((element) =>
    ['href', 'action', 'value', 'content', 'src'].flatMap((name) => attribute(element, name) ?? []),
  );
  return [
    ...new Set([
      ...attributes.flatMap((value) => value.match(written) ?? []),
      ...(text.match(written) ?? []),
    ]),
  ];
}

/** Whether an address holds what nobody guesses: a signature, the secret of an invitation or of a new password. */
export const isSecret = (address: string): boolean => {
  if (!URL.canParse(address)) return false;
  const { pathname, searchParams } = new URL(address);
  return [...pathname.split('/'), ...searchParams.values()].some(
    (part) => /^[\w.~-]{16,}$/.test(part) && /\d/.test(part) && /[a-z]/i.test(part),
  );
};

/**
 * Asks for pages and data under another host.
 *
 * @param browser of a member
 * @param paths of what it is shown
 * @returns the first address that leads there and holds a secret, else the first that leads there
 */
export async function linkByHost(
  browser: Visitor,
  origin: string,
  paths: readonly string[],
): Promise<{ address: string; ask: string; secret: boolean } | undefined> {
  let first: { address: string; ask: string; secret: boolean } | undefined;
  for (const path of paths)
    for (const headers of HEADERS) {
      const ask: Ask = { path, headers };
      const answer = await send(browser, origin, ask);
      if (!answer || answer.status >= 300) continue;
      for (const address of addressesTo(NAMED, answer)) {
        const found = { address, ask: askedHow(ask), secret: isSecret(address) };
        if (found.secret) return found;
        first ??= found;
      }
    }
  return first;
}
