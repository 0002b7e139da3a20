/** Links that members give away: an invitation, or what somebody shares, is opened by whoever has its link, and says who it is of. */

const GIVEN_AWAY = /^(?:join|invit(?:e[ds]?|ations?)|shared?|shares|referrals?|refer|ref|gifts?)$/i;
/** A secret that nobody guesses: letters with figures or of both sizes, or many of them. */
const isSecret = (part: string): boolean =>
  /^[\w.~-]{10,}$/.test(part) && (/\d/.test(part) || /[a-z].*[A-Z]|[A-Z].*[a-z]/.test(part));

/**
 * Whether an address is an invitation, or a link to share: a word that says so, and after it a secret. The name of whoever
 * gave it away is no secret there; everything else of them is.
 *
 * @param path with or without its query
 */
export function isInvitation(path: string): boolean {
  const parts = (path.split('?')[0] ?? '').split('/').filter(Boolean);
  const [last = '', before = ''] = [parts.at(-1), parts.at(-2)];
  return GIVEN_AWAY.test(before) && isSecret(last);
}
