/** What the sources of an app call the member whose a thing is: `patient: session.user.id`, `row.ownerId !== me.id`. */

/** Who is signed in, as sources call them, up to their id. */
const SIGNED_IN = String.raw`(?:\w+[?!]?\.)*(?:session|user|person|me|member|account|viewer|caller|current_?user|auth_?user)[?!]?\.(?:user[?!]?\.)?(?:id|sub|userId|user_id)\b`;
const ASSIGNED = new RegExp(String.raw`(?<![\w.])(\w{2,30})\s*:\s*${SIGNED_IN}`, 'gi');
const COMPARED = new RegExp(String.raw`\.(\w{2,30})\s*[!=]==?\s*${SIGNED_IN}`, 'gi');
/** Words for whoever has made or has a thing. Whom it is for (`to`, `assignee`, `customer`) may well be named by somebody else. */
const OWNS =
  /owner|author|creator|user|person|patient|holder|uploader|poster|submitter|requester|[a-z]By$|_by$/i;
const OWNERS_MAX = 8;

/** @param texts of source files */
export function ownerWords(texts: Iterable<string>): string[] {
  const found = new Set<string>();
  for (const text of texts)
    for (const pattern of [ASSIGNED, COMPARED])
      for (const [, word = ''] of text.matchAll(pattern)) if (OWNS.test(word)) found.add(word);
  return [...found].slice(0, OWNERS_MAX);
}
