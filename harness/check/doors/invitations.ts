/** Links that open to whoever holds them. Links that members give away: an invitation, or what somebody shares, is opened by whoever has its link, and says who it is of. */

const GIVEN_AWAY = /^(?:join|invit(?:e[ds]?|ations?)|shared?|shares|referrals?|refer|ref|gifts?)$/i;
/** A secret that nobody guesses: letters with figures or of both sizes, or many of them. */
const isSecret = (part: string): boolean =>
  /^[\w.~-]{10,}$/.test(part) && (/\d/.test(part) || /[a-z].*[A-Z]|[A-Z].*[a-z]/.test(part));

/** Parameters by which a link says who has given it away: `/?ref=…`, as shops and lodgings have them. */
const GIVEN_BY = /^(?:ref|referr?(?:al|er)|via|invit(?:e|ation|ed_?by)|friend|gift|share|shared)$/i;

/**
 * Whether an address is an invitation, or a link to share: a word that says so, and after it a secret. The name of whoever
 * gave it away is no secret there; everything else of them is.
 *
 * @param path with or without its query
 */
export function isInvitation(path: string): boolean {
  const [bare = '', query = ''] = path.split('?');
  const parts = bare.split('/').filter(Boolean);
  const [last = '', before = ''] = [parts.at(-1), parts.at(-2)];
  return (
    (GIVEN_AWAY.test(before) && isSecret(last)) ||
    [...new URLSearchParams(query)].some(([name, value]) => GIVEN_BY.test(name) && isSecret(value))
  );
}

/** Formats that programs read which have no session: calendars (RFC 5545), RSS, Atom, JSON Feed. */
const FEED = /\btext\/calendar\b|\bapplication\/(?:rss\+xml|atom\+xml|feed\+json)\b/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** So many signs of chance make a key; the id of a thing is shorter, or a UUID. */
const isKey = (part: string): boolean => part.length >= 16 && !UUID.test(part) && isSecret(part);

/** Whether a part of an address is what nobody guesses, so that it may open to whoever holds it. */
export const isKeyOf = (part: string): boolean => part.length >= 20 && isSecret(part);

/** A word, or a number, as titles in addresses are made of. */
const isWord = (piece: string): boolean => /^(?:[A-Z]?[a-z]+|[A-Z]+|\d+)$/.test(piece);
/** Codes in groups, as they are read out: `XK3P-9QFT-M2LA-77RD`. */
const IN_GROUPS = /^(?=.*\d)(?=.*[A-Z])[A-Z\d]{4,5}(?:-[A-Z\d]{4,5}){2,}$/;

/**
 * Signs of chance: many letters and figures in one piece, or in pieces of both sizes that are no words, as base64url and nanoid put
 * hyphens and underscores anywhere. Words with hyphens and long numbers in a row are guessed.
 */
const isChance = (part: string): boolean => {
  const pieces = part.split(/[-_.~]/).filter(Boolean);
  const signs = pieces.join('');
  const odd = pieces.filter((piece) => !isWord(piece)).join('');
  return (
    UUID.test(part) ||
    pieces.some((piece) => /^(?=.*\d)(?=.*[a-z])[a-z\d]{16,}$/i.test(piece)) ||
    (signs.length >= 16 && /[a-z]/.test(signs) && /[A-Z]/.test(signs) && odd.length * 2 >= signs.length)
  );
};

/** Whether an address was made to be given away, so that a name on its page is for whoever holds it: an invitation, a link that nobody guesses. */
export const isForHolders = (path: string): boolean =>
  isInvitation(path) ||
  (path.split('?')[0] ?? '')
    .split('/')
    .some((part) => IN_GROUPS.test(part) || (isKeyOf(part) && isChance(part)));

/**
 * Whether an answer is a feed whose address is its key, as calendars and readers have no session: the secret address of a
 * calendar, the private feed of a member.
 *
 * @param path with its query
 * @param contentType of the answer
 */
export function isFeedByKey(path: string, contentType: unknown): boolean {
  if (!FEED.test(String(contentType ?? ''))) return false;
  const [bare = '', query = ''] = path.split('?');
  return [...bare.split('/'), ...new URLSearchParams(query).values()].some((part) =>
    isKey(part.replace(/\.(?:ics|xml|rss|atom|json)$/i, '')),
  );
}

const SIGNATURE = /^(?:s|h|sig|sign|signature|signed|hmac|mac|hash|x-(?:amz|goog)-signature)$/i;

/** What says in a link that it is a key, of a feed or of what was shared. */
const KEY =
  /^(?:(?:feed|access|share|private|subscription|rss|ical|calendar|link)[_-]?)?(?:token|key|secret)$/i;
/** A history holds marks in the place of tokens (`mocks/redact.ts`). */
const MARK = /^‹[^›]+ #[^›]+›$/;

/**
 * The signature of a signed link, or its key: which parameter holds it, and what stands there. Whether anybody looks at it is shown
 * by a link with another one.
 */
export function signatureIn(path: string): { name: string; value: string } | undefined {
  const said = [...new URLSearchParams(path.split('?')[1] ?? '')].filter(
    ([, value]) => isKey(value) || MARK.test(value),
  );
  const found = said.find(([name]) => SIGNATURE.test(name)) ?? said.find(([name]) => KEY.test(name));
  return found && { name: found[0], value: found[1] };
}

/**
 * A signed link with another signature, or a link by a key with another key, which is worth nothing where somebody looks at it;
 * undefined for any other link.
 */
export function withOtherSignature(path: string): string | undefined {
  const signature = signatureIn(path);
  if (!signature) return undefined;
  const [bare = '', query = ''] = path.split('?');
  const said = new URLSearchParams(query);
  said.set(signature.name, [...signature.value].reverse().join(''));
  return `${bare}?${said}`;
}

/**
 * A signed link with what another signed link of the same kind says behind its address: worth nothing where what is signed names the
 * thing.
 *
 * @param others links that somebody else was given
 * @returns undefined where none of them is of the same kind; the link itself where both are signed alike
 */
export function withQueryOf(path: string, others: readonly string[]): string | undefined {
  const signature = signatureIn(path);
  const [bare = ''] = path.split('?');
  const folder = (address: string) => address.split('?')[0]?.split('/').slice(0, -1).join('/');
  const other = others.find(
    (each) =>
      each.split('?')[0] !== bare &&
      folder(each) === folder(path) &&
      signature !== undefined &&
      signatureIn(each)?.name === signature.name,
  );
  return other && `${bare}?${other.split('?')[1]}`;
}
