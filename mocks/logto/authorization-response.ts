/** The parameters that a redirect to the app carries, and the address with other ones. */
import type { AuthorizationAnswer } from '../fault.ts';

const inFragment = (target: string) => target.includes('#');

/** @param redirectUri as the app sent it; its own query is no part of the answer */
export function splitResponse(target: string, redirectUri: string): AuthorizationAnswer {
  const own = [...new URL(redirectUri).searchParams];
  const params = inFragment(target)
    ? [...new URLSearchParams(target.slice(target.indexOf('#') + 1))]
    : [...new URL(target).searchParams].slice(own.length);
  return { params };
}

/** The address that carries these parameters, where `target` carried others. */
export function joinResponse({ params }: AuthorizationAnswer, target: string, redirectUri: string): string {
  const query = new URLSearchParams(params).toString();
  if (inFragment(target)) return `${redirectUri}#${query}`;
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${query}`;
}
