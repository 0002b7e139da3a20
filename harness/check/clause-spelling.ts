/** Clauses as people write them: `RFC 6749 4.1.2`, `rfc6749§4.1.2`, `OIDC Core, section 3.1.3.7 #3`. */

/** Other names of documents, and words that say nothing; in the order in which they are taken away. */
const SPELLINGS: readonly [RegExp, string][] = [
  [/open\s*id[\s-]*connect/g, 'oidc'],
  [/\bopenid\b/g, 'oidc'],
  [/rp[\s-]*initiated([\s-]*logout)?/g, 'rpinitiated'],
  [/back[\s-]*channel([\s-]*logout)?/g, 'backchannel'],
  [/\b(next-?auth|auth\.js)(?=\s|$)/g, 'authjs'],
  [/\b(core|discovery|rpinitiated|backchannel)[\s-]+1\.0\b/g, '$1'],
  [/\bnist[\s-]+sp\b/g, 'nist'],
  [/\bwcag[\s-]+2\.\d\b/g, 'wcag'],
  [/\b(section|sect?\.?|clause|chapter)\s*(?=§|\d)/g, ' '],
  [/\b(item|no\.?|number)\s*(?=\d)/g, '#'],
];

interface Clause {
  /** Letters and digits of the document's name. */
  document: string;
  /** `3.1.3.7`, or nothing. */
  section: string;
  /** `#3`, or nothing. */
  item: string;
}

const squash = (text: string) => text.replace(/[^a-z0-9]/g, '');

/** A clause in parts; a text without a number is all document. */
function partsOf(text: string): Clause {
  const plain = SPELLINGS.reduce((rest, [from, to]) => rest.replace(from, to), text.toLowerCase().trim());
  const rfc = /^rfc[\s-]*(\d+)(bis)?(.*)$/.exec(plain);
  const [document, rest] = rfc
    ? [`rfc${rfc[1]}${rfc[2] ?? ''}`, rfc[3] ?? '']
    : ((/^(.*?)(?:[\s,]*§\s*|[\s,]+(?=\d+(?:\.\d+)*\s*(?:#\s*\d+)?$))(.*)$/.exec(plain)?.slice(1) as
        | [string, string]
        | undefined) ?? [plain, '']);
  const place = /^[\s,§-]*(\d+(?:\.\d+)*)?[\s,/]*(?:#\s*(\d+))?\s*$/.exec(rest);
  return place
    ? { document: squash(document), section: place[1] ?? '', item: place[2] ? `#${place[2]}` : '' }
    : { document: squash(plain), section: '', item: '' };
}

/**
 * The clauses that a text names: itself and what is below it (`oidc-core §3.1.3` holds `oidc-core §3.1.3.7 #3`).
 *
 * @param text any usual spelling
 * @param keys keys of the clause table
 */
export function clausesNamed(text: string, keys: readonly string[]): string[] {
  const wanted = partsOf(text);
  return keys.filter((key) => {
    const { document, section, item } = partsOf(key);
    if (document !== wanted.document) return false;
    if (wanted.section && section !== wanted.section && !section.startsWith(`${wanted.section}.`))
      return false;
    return !wanted.item || (section === wanted.section && item === wanted.item);
  });
}

/** Whether a text looks like a clause at all: it has a number or a space in it. */
export const looksLikeClause = (text: string): boolean => /[\s§#]|\d/.test(text);
