/** What a page's Content-Security-Policy allows (Content Security Policy Level 3; ASVS 5.0 3.4.3). */
import { parse } from 'parse5';
import type { Answer } from '../../user-agents/http.ts';
import { attribute, elements } from '../../visitor/forms.ts';

/** The policies of a page, by header and by meta element; each is directive → its sources. */
export function policiesOf({ headers, text }: Pick<Answer, 'headers' | 'text'>): Map<string, string[]>[] {
  const sent = [headers['content-security-policy'] ?? []].flat().flatMap((value) => value.split(','));
  const written = [...elements(parse(text))]
    .filter(
      (element) =>
        element.tagName === 'meta' &&
        attribute(element, 'http-equiv')?.toLowerCase() === 'content-security-policy',
    )
    .map((element) => attribute(element, 'content') ?? '');
  return [...sent, ...written]
    .filter((value) => value.trim())
    .map(
      (value) =>
        new Map(
          value
            .split(';')
            .map((directive) => directive.trim().split(/\s+/))
            .filter(([name]) => name)
            .map(([name = '', ...sources]) => [name.toLowerCase(), sources] as const)
            // Of a directive that stands twice, the first counts.
            .reverse(),
        ),
    );
}

const ANYWHERE = /^(\*|https?:|data:)$/;
const NONCE_OR_HASH = /^'(nonce-|sha(256|384|512)-)/;

/** What the best of the policies lacks, in words; undefined when it lacks nothing. */
export function lacksOfPolicy(policies: readonly Map<string, string[]>[]): string | undefined {
  if (policies.length === 0) return 'without a Content-Security-Policy';
  // All policies hold at once: what one forbids is forbidden.
  const forbids = (judge: (policy: Map<string, string[]>) => boolean) => policies.some(judge);
  const scriptsLimited = forbids((policy) => {
    const sources = policy.get('script-src') ?? policy.get('default-src');
    if (!sources) return false;
    const trusts = sources.some((source) => NONCE_OR_HASH.test(source));
    if (trusts) return true;
    return !sources.some((source) => source === "'unsafe-inline'" || ANYWHERE.test(source));
  });
  if (!scriptsLimited) return 'with a policy that lets any script of the page run';
  if (!forbids((policy) => policy.has('object-src') || policy.has('default-src')))
    return 'with a policy without object-src';
  if (!forbids((policy) => policy.has('base-uri'))) return 'with a policy without base-uri';
  return undefined;
}
