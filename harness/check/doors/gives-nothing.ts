/**
 * Answers that refuse with a 200. An API for the app's own scripts often tells strangers `null` (`/api/me` of apps that draw in the
 * browser), GraphQL answers errors with 200 (GraphQL over HTTP §6.4.1), and so do many RPCs: nothing is given away by that.
 */
import type { Answer } from '../../user-agents/http.ts';
import { TURNS_AWAY } from '../../visitor/sign-words.ts';

/** Words of a refusal that are for programs, beside those for people. */
const REFUSES = new RegExp(
  `${TURNS_AWAY.source}|un-?authenticated|not[ _-]?(?:authenticated|authori[sz]ed|allowed|permitted|signed|logged)|no[ _-]?(?:session|user|token)|(?:session|token|auth(?:entication)?)[ _-]?(?:is |are )?(?:required|missing|expired|invalid|needed)|\\b40[13]\\b`,
  'i',
);
/** What stands for nobody, wherever it stands. */
const NOBODY =
  /^(?:guest|anonymous|nobody|signed[ _-]?out|logged[ _-]?out|un-?authenticated|none|error|fail(?:ed|ure)?)$/i;
/** Members that say where to sign in. */
const LEADS_IN = /^(?:(?:sign|log)_?in|redirect|auth)(?:_?(?:to|ur[il]|path|href))?$/i;
/** Members in which a refusal is put into words; in any other a text about signing in may be data. */
const SAID_IN =
  /^(?:errors?|error_?(?:message|description)|message|msg|code|reason|status(?:_?text)?|title|detail|description|hint)$/i;
/** Members that say where, when or how it was refused. */
const OF_REFUSAL =
  /^(?:errors?|code|status(?:_?code|_?text)?|type|path|locations?|line|column|extensions|http_?status|(?:request|trace|correlation)_?id|time(?:stamp)?|(?:sign|log)_?in(?:_?ur[il])?|login|redirect(?:_?to|_?ur[il])?|csrf(?:_?token)?|instance|name|stack)$/i;

/** Whether every value is empty, or part of a refusal. */
function isEmpty(value: unknown, name = '', refused = false): boolean {
  if (value === null || value === undefined || value === false || value === '' || value === 0) return true;
  if (Array.isArray(value)) return value.every((each) => isEmpty(each, name || 'list', refused));
  if (typeof value === 'object') {
    // A member without any fields is a member.
    if (name !== '' && !refused && Object.keys(value).length === 0) return false;
    const within = refused || /^errors?$/i.test(name) || tellsOfRefusal(value as Record<string, unknown>);
    // What an error says beside its code is of the error: "No procedure on path …".
    const coded = within && 'code' in value;
    return Object.entries(value).every(
      ([key, each]) => (coded && isMessage(key, each)) || isEmpty(each, key, within),
    );
  }
  if (typeof value === 'string') {
    if (NOBODY.test(value) || (LEADS_IN.test(name) && /^(?:\/|https?:)/.test(value))) return true;
    if (value.length <= 200 && REFUSES.test(value) && (name === '' || SAID_IN.test(name))) return true;
  }
  return refused && OF_REFUSAL.test(name);
}

/** The sentence of an error that has a code. */
const isMessage = (name: string, value: unknown): boolean =>
  name === 'message' && typeof value === 'string' && value.length <= 200;

/** Whether an object says itself that something was refused; beside it, its code and path are no data. */
const tellsOfRefusal = (members: Record<string, unknown>): boolean =>
  Object.entries(members).some(
    ([name, value]) =>
      (/^(?:errors?|message|code|reason|status|title)$/i.test(name) &&
        typeof value === 'string' &&
        REFUSES.test(value)) ||
      (/^(?:status(?:_?code)?|code)$/i.test(name) && (value === 401 || value === 403)),
  );

/**
 * Whether an answer with 2xx holds nothing but a refusal: no content, JSON whose values are all empty, or errors that ask for a
 * session. Text and pages are never taken for that.
 */
export function givesNothing({
  status,
  headers,
  text,
}: Pick<Answer, 'status' | 'headers' | 'text'>): boolean {
  if (status < 200 || status > 299) return false;
  if (text.trim() === '') return true;
  if (!/\bjson\b/i.test(String(headers['content-type'] ?? ''))) return false;
  try {
    return isEmpty(JSON.parse(text));
  } catch {
    return false;
  }
}

/** Whether an API keeps whoever asked out: by its status, by leading them away, or by giving nothing. */
export const keepsOut = (answer: Pick<Answer, 'status' | 'headers' | 'text'>): boolean =>
  answer.status >= 300 || givesNothing(answer);
