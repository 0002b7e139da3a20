/** Fields in which the sources of a route take a file that is sent with a form. */

/** How a form with files is read: Web API, multer, busboy, formidable, multiparty, Fastify, Hono, h3. */
const READS_FILES =
  /\.formData\(\)|\bmulter\b|\bbusboy\b|\bformidable\b|\bmultiparty\b|\.parseBody\(|\breadMultipartFormData\b|\breq(?:uest)?\.(?:file|files|parts)\b/i;
const FIELDS = [
  /\.(?:single|array)\(\s*['"`]([\w.-]+)['"`]/g,
  /\bfiles\??\.([A-Za-z_]\w*)/g,
  /\bfiles\??\.?\[\s*['"`]([\w.-]+)['"`]/g,
  /\bname\s*[!=]==?\s*['"`]([\w.-]+)['"`]/g,
  /\.get(?:All)?\(\s*['"`]([\w.-]+)['"`]\s*\)/g,
  /\bbody\??\.?\[\s*['"`]([\w.-]+)['"`]/g,
];
/** Where the source does not say. */
const USUAL = ['file', 'avatar', 'image'];
const LIKELY = /file|image|img|avatar|photo|picture|upload|attach|doc|media|logo|import|csv|pdf|cover/i;
const OF_LISTS = /^(?:map|length|filter|find|forEach|at|push|some|every|slice)$/;
const FIELDS_MAX = 4;

/**
 * Names of fields that may hold a file, the likeliest first; undefined where the text reads no form with files.
 *
 * @param text source of a route that takes posts
 */
export function fileFieldsIn(text: string): string[] | undefined {
  if (!READS_FILES.test(text)) return undefined;
  const named = FIELDS.flatMap((pattern) => [...text.matchAll(pattern)].flatMap(([, name]) => name ?? []));
  const known = [...new Set(named)].filter((name) => !OF_LISTS.test(name));
  const likely = known.filter((name) => LIKELY.test(name));
  if (likely.length > 0) return likely.slice(0, FIELDS_MAX);
  return known.length > 0 || /\bFile\b|\.arrayBuffer\(|\.stream\(/.test(text) ? USUAL : undefined;
}
