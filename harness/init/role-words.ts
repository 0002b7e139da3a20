/** What the sources of an app call the roles of its people. */

const QUOTED = /['"`]([A-Za-z][\w:-]{1,30})['"`]/g;
const COMPARED = /\broles?\b[\w.?!)\]]*\s*[!=]==?\s*['"`]([A-Za-z][\w:-]{1,30})['"`]/gi;
const INCLUDED = /\broles?\b[\w.?!)\]]*\.includes\(\s*['"`]([A-Za-z][\w:-]{1,30})['"`]/gi;
/** Of a type (`role: 'guest' | 'host'`), or a schema (`role: z.enum(['guest', 'host'])`). */
const NAMED =
  /\broles?['"]?\??\s*:\s*(?:[\w.]*enum\w*\(\s*(?:['"]\w+['"],\s*)?\[[^\]]{1,200}\]|(?:['"][\w:-]+['"]\s*\|\s*)+['"][\w:-]+['"])/gi;
const ROLES_MAX = 6;

/** @param texts of source files */
export function roleWords(texts: Iterable<string>): string[] {
  const found = new Set<string>();
  for (const text of texts) {
    for (const pattern of [COMPARED, INCLUDED])
      for (const [, word = ''] of text.matchAll(pattern)) found.add(word);
    for (const [whole] of text.matchAll(NAMED))
      for (const [, word = ''] of whole.slice(whole.indexOf(':')).matchAll(QUOTED)) found.add(word);
  }
  return [...found].slice(0, ROLES_MAX);
}
