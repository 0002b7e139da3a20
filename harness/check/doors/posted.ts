/** Procedures that are called by POST: what is sent, where that stands among the addresses of an app, and what is answered. */
import type { Posted, Procedure } from '../../lab/procedure.ts';
import type { Answer } from '../../user-agents/http.ts';
import type { Ask } from './door.ts';

/** How a procedure is called. */
export function postedAsk(
  { name, posted }: Pick<Procedure, 'name'> & { posted: Posted },
  input?: unknown,
): Ask {
  const { style, endpoint, text = '', within } = posted;
  // orpc.unnoq.com, RPC Protocol: the path names the procedure, the body holds what it takes in `json`.
  if (style === 'orpc')
    return {
      path: `${endpoint}/${name.replaceAll('.', '/')}`,
      method: 'POST',
      json: input === undefined ? {} : { json: input },
    };
  if (style === 'json-rpc')
    return {
      path: endpoint,
      method: 'POST',
      json: { jsonrpc: '2.0', id: 1, method: name, params: input ?? {} },
    };
  const variables = within ? { [within]: input ?? {} } : (input ?? {});
  return { path: endpoint, method: 'POST', json: { query: text, variables } };
}

/** No address on the wire has a #: what stands behind it is posted, with the name of the procedure before it. */
const AT = '#';

/** A procedure and what it is given, as one of the places at which a member is shown something. */
export const postedPlace = (procedure: Procedure & { posted: Posted }, input?: unknown): string => {
  const { path, json } = postedAsk(procedure, input);
  return [path, procedure.name, JSON.stringify({ input, json })].join(AT);
};

const partsOf = (
  place: string,
): { path: string; name?: string; said?: { input?: unknown; json: unknown } } => {
  const [path = '', name, ...rest] = place.split(AT);
  return name === undefined ? { path: place } : { path, name, said: JSON.parse(rest.join(AT)) };
};

export const isPostedPlace = (place: string): boolean => place.includes(AT);

/** Name of the procedure that is called at a place; undefined at an address. */
export const procedureAt = (place: string): string | undefined => partsOf(place).name;

/** What a procedure is given at a place. */
export const inputAt = (place: string): unknown => partsOf(place).said?.input;

/** A place as it is told. */
export const placeTold = (place: string): string => {
  const { path, name } = partsOf(place);
  return name === undefined ? (place.split('?')[0] ?? place) : `${name} (POST ${path})`;
};

/** The request for a place. */
export const askAt = (place: string): Ask => {
  const { path, said } = partsOf(place);
  return said ? { path, method: 'POST', json: said.json } : { path };
};

/** What a call was answered within its envelope: nothing where that holds an error. */
function openedText(value: unknown): { isError: boolean; data: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { isError: false, data: value };
  const envelope = value as Record<string, unknown>;
  const isRpc = 'jsonrpc' in envelope;
  const hasErrors = Array.isArray(envelope.errors) && envelope.errors.length > 0;
  if (isRpc) return { isError: 'error' in envelope, data: envelope.result };
  if (hasErrors || 'data' in envelope) {
    const data = envelope.data;
    const isNothing =
      typeof data !== 'object' || data === null || Object.values(data).every((each) => each === null);
    return { isError: hasErrors && isNothing, data };
  }
  return { isError: false, data: 'json' in envelope ? envelope.json : value };
}

/**
 * An answer to a call without its envelope: an error in it reads like a refusal, as it does where HTTP says so.
 *
 * @see https://www.jsonrpc.org/specification#response_object
 * @see https://graphql.github.io/graphql-over-http/draft/#sec-Processing-the-response
 */
export function opened(answer: Answer): Answer {
  if (answer.status < 200 || answer.status > 299) return answer;
  try {
    const { isError, data } = openedText(JSON.parse(answer.text));
    return { ...answer, status: isError ? 403 : answer.status, text: JSON.stringify(data ?? null) };
  } catch {
    return answer;
  }
}
