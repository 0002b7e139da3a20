/** How a member makes something where the app says only what it does not take: field by field, as its refusals name them. */
import type { Answer } from '../../user-agents/http.ts';

type Body = Record<string, unknown>;

/** Texts that most things have; what does not know them leaves them out. */
const TEXTS = ['title', 'name', 'text', 'body', 'content', 'message'] as const;

/** What is posted first. */
export const firstBody = (word: string): Body => Object.fromEntries(TEXTS.map((name) => [name, word]));

const NAME = /^[A-Za-z_][\w-]{0,40}$/;
/** Members of a refusal that hold one entry for each field. */
const BY_FIELD =
  /^(?:errors?|fieldErrors|fields|details|issues|violations|properties|validation|invalid[_-]?params)$/i;
/** Members of an entry that name its field. */
const NAMES_FIELD = /^(?:path|field|param|name|property|key|instancePath|loc|pointer|dataPath)$/i;
/** Members of an entry that say what is wrong. */
const OF_ENTRY =
  /^(?:code|message|msg|expected|received|type|origin|rule|status|title|instance|values|keys|options|location|formErrors)$/i;
/** Sentences of refusals: `"count" is required`, `count must be a number`, `Missing count`, `count?`. */
const SENTENCES = [
  /["'`]([A-Za-z_]\w{0,40})["'`]/g,
  /\b([A-Za-z_]\w{0,40}) (?:is|are|must|should|may not|cannot)\b/g,
  /\bmissing:? ([A-Za-z_]\w{0,40})\b/gi,
  /\b([A-Za-z_]\w{0,40})\?/g,
];
const NO_FIELDS =
  /^(?:it|this|that|which|value|field|input|body|request|data|you|there|what|string|number|object|required)$/i;

/** The fields that a refusal names, each with what is said about it. */
export function fieldsNamed(text: string): Map<string, string> {
  const found = new Map<string, string>();
  const note = (name: unknown, said: string) => {
    const field = [name].flat().findLast((part) => typeof part === 'string');
    const bare = typeof field === 'string' ? (field.split(/[./]/).filter(Boolean).at(-1) ?? '') : '';
    if (NAME.test(bare) && !NO_FIELDS.test(bare)) found.set(bare, `${found.get(bare) ?? ''} ${said}`);
  };
  const collect = (value: unknown, within: boolean): void => {
    if (typeof value === 'string')
      for (const sentence of SENTENCES) for (const [, name] of value.matchAll(sentence)) note(name, value);
    if (Array.isArray(value)) for (const each of value) collect(each, within);
    else if (typeof value === 'object' && value !== null) {
      const said = JSON.stringify(value).slice(0, 400);
      const naming = Object.entries(value).filter(
        ([name, inner]) => NAMES_FIELD.test(name) && (typeof inner === 'string' || Array.isArray(inner)),
      );
      for (const [, inner] of naming) note(inner, said);
      // An entry that names its field says no more of any other.
      if (naming.length > 0) return;
      for (const [name, inner] of Object.entries(value)) {
        if (within && !BY_FIELD.test(name) && !OF_ENTRY.test(name) && typeof inner !== 'number')
          note(name, JSON.stringify(inner).slice(0, 400));
        collect(inner, BY_FIELD.test(name));
      }
    }
  };
  try {
    collect(JSON.parse(text), false);
  } catch {
    collect(text.slice(0, 500), false);
  }
  return found;
}

/** Fields that a refusal does not know: zod's `keys`, Ajv's `additionalProperty`. */
function unknownIn(text: string): Set<string> {
  const names = [
    ...text.matchAll(/"(?:keys|additionalProperty|unrecognized_keys)"\s*:\s*(\[[^\]]*\]|"[^"]*")/g),
  ];
  return new Set(
    names.flatMap(([, list = '']) => [...list.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name)),
  );
}

/** A value for a field, by what its refusal and its name say. */
function valueFor(name: string, said: string, word: string): unknown {
  const options = /(?:options|values|enum|one of)\W{1,6}([\w"', |-]{2,120})/i.exec(said)?.[1];
  const [option] = options?.match(/[A-Za-z][\w-]*/) ?? [];
  if (option && /option|enum|one of/i.test(said)) return option;
  if (/\b(?:number|integer|int|numeric)\b/i.test(said)) return 1;
  if (/\bboolean\b/i.test(said)) return true;
  if (/\barray\b/i.test(said)) return [];
  if (/e-?mail/i.test(name) || /\bemail\b/i.test(said)) return `${word.toLowerCase()}@people.example`;
  if (/url|link|website|href/i.test(name)) return `https://example.com/${word}`;
  if (/(?:date|day|_at|At|_on|until|deadline|due|start|end)$/i.test(name) || /\bdate/i.test(said))
    return '2031-05-01T10:00:00.000Z';
  if (/count|qty|quantity|amount|price|number|size|total|points|minutes|hours|age$/i.test(name)) return 1;
  if (/^(?:is|has)[A-Z_]/.test(name)) return true;
  if (/^(?:tags|items|lines|ids|members)$/i.test(name)) return [];
  return word;
}

/**
 * What is posted next, after a refusal.
 *
 * @param body what was refused
 * @returns undefined where the refusal names nothing that could be mended
 */
export function mendedBody(
  body: Body,
  refusal: Pick<Answer, 'status' | 'text'>,
  word: string,
): Body | undefined {
  if (refusal.status < 400 || refusal.status > 499 || [401, 403, 404, 405, 429].includes(refusal.status))
    return undefined;
  const unknown = unknownIn(refusal.text);
  const next: Body = Object.fromEntries(Object.entries(body).filter(([name]) => !unknown.has(name)));
  for (const [name, said] of fieldsNamed(refusal.text)) {
    if (unknown.has(name)) continue;
    next[name] = valueFor(name, said, word);
  }
  return JSON.stringify(next) === JSON.stringify(body) ? undefined : next;
}
