/**
 * The frame around every resource of the 2010-04-01 API: format by suffix, account, credentials, method, faults.
 * What a resource answers stands in `routes/`.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpAnswer } from '../fault.ts';
import type { FaultName } from '../faults.ts';
import { SCOPE_HEADER, type Scopes } from '../scope.ts';
import { credentialsOf, knowsUser, mayUse, opens, type TwilioAccount } from './accounts.ts';
import { armedFaults, isLost } from './armed.ts';
import type { Chaos } from './chaos.ts';
import { errorAnswer } from './errors.ts';
import { type SendAnswer, usageTypeOf } from './exchange.ts';
import { type Form, one } from './message.ts';
import { numberOf, readAddress } from './numbers.ts';
import { splitSuffix } from './representations.ts';

export interface Call {
  account: TwilioAccount;
  form: Form;
  query: Record<string, string | undefined>;
  /** Path without its suffix. */
  path: string;
  /** `.json`, `.xml`, `.csv` or nothing. */
  suffix: string;
  scope: string | undefined;
  /** What Logto asked its connector for, when the request came from one. */
  usageType: string | undefined;
  /** Delivery faults that apply to a message created by this call. */
  delivery: readonly FaultName[];
}

export type Handler = (call: Call, ...ids: string[]) => HttpAnswer;

export interface Resource {
  /** Matched against the path after `/2010-04-01`, without suffix; its groups after the account's are the handler's. */
  pattern: RegExp;
  /** Its name in the journal. */
  name: string;
  /** Name of one item in XML. */
  element: string;
  methods: Partial<Record<string, Handler>>;
}

/** A request to send a message that was refused, or that got no answer. */
export interface Refusal {
  form: Form;
  answer: HttpAnswer;
  path: string;
  scope: string | undefined;
  usageType: string | undefined;
}

export interface ApiOptions {
  accounts(): readonly TwilioAccount[];
  scopes: Scopes;
  chaos: Chaos;
  send: SendAnswer;
  resources: readonly Resource[];
  /** Told each message that was refused. */
  onRefusal(refusal: Refusal): void;
}

export const API_VERSION = '/2010-04-01';

/** Method and path of what a resource answers, with `:sid` for each name in it. */
export const routesOf = ({ pattern, methods }: Resource): { method: string; url: string }[] => {
  const path = pattern.source
    .replace(/^\^|\$$/g, '')
    .replaceAll('\\/', '/')
    .replace(/\([^)]*\)/g, ':sid');
  return Object.keys(methods).map((method) => ({ method, url: `${API_VERSION}${path}.json` }));
};
const ACCOUNT_SID = /^AC[0-9a-fA-F]{32}$/;

/** The scope that a request belongs to: its header says so, or the number that it texts. */
export function scopeOf(request: FastifyRequest, scopes: Scopes): string | undefined {
  const header = request.headers[SCOPE_HEADER];
  const to = readAddress(one((request.body as Form | undefined)?.To));
  return (Array.isArray(header) ? header[0] : header) ?? scopes.of('phone', to && numberOf(to));
}

/** 401 in the three wordings that were recorded: no credentials, a user nobody knows, a wrong token. */
export function refuseCredentials(request: FastifyRequest, accounts: readonly TwilioAccount[]): HttpAnswer {
  const credentials = credentialsOf(request.headers.authorization);
  if (!credentials) return errorAnswer(20003, { message: 'Authentication Error - No credentials provided' });
  if (!knowsUser(credentials.user, accounts))
    return errorAnswer(20003, { message: 'Authentication Error - invalid username' });
  return errorAnswer(20003);
}

export const queryOf = (request: FastifyRequest): Call['query'] =>
  Object.fromEntries(
    Object.entries(request.query as Record<string, string | string[]>).map(([key, value]) => [
      key,
      one(value),
    ]),
  );

/** Answers every request below `/2010-04-01`, whatever its method. */
export function createApi(
  options: ApiOptions,
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> {
  const { accounts, scopes, chaos, send, resources } = options;

  return (request, reply) => {
    const uri = request.url.split('?')[0] as string;
    const scope = scopeOf(request, scopes);
    const usageType = usageTypeOf(request);
    const { path, format, suffix } = splitSuffix(uri);
    const below = path.slice(API_VERSION.length);
    const found = resources.find(({ pattern }) => pattern.test(below));
    const [, sid, ...ids] = found?.pattern.exec(below) ?? [];
    const form = (request.body ?? {}) as Form;
    const creates = found?.name === 'messages' && request.method === 'POST';
    const answer = (it: HttpAnswer, armed: readonly FaultName[] = []) => {
      if (creates && isLost(it)) options.onRefusal({ form, answer: it, path, scope, usageType });
      return send(request, reply, it, {
        scope,
        armed,
        resource: found?.name ?? 'unknown',
        format,
        element: found?.element,
      });
    };

    // A malformed account is 404, not 401 (recorded with `invalid_sid` in path and credentials).
    if (!found || (sid !== undefined && !ACCOUNT_SID.test(sid))) return answer(errorAnswer(20404, { uri }));
    const credentials = credentialsOf(request.headers.authorization);
    // The list of accounts names none: the credentials say whose it is.
    const account = accounts().find((row) =>
      sid === undefined
        ? credentials && opens(credentials, row)
        : row.sid.toLowerCase() === sid.toLowerCase() && mayUse(credentials, row, accounts()),
    );
    if (!account) return answer(refuseCredentials(request, accounts()));
    const handler = found.methods[request.method];
    if (!handler) return answer(errorAnswer(20004));

    const met = armedFaults({ scopes, chaos }, scope, creates ? one(form.To) : undefined);
    // A refused message is never created: the fault looks at the answer that a good one would get.
    if (met.refuses) return answer(met.answer as HttpAnswer, met.error);
    const query = queryOf(request);
    const { delivery } = met;
    const healthy = handler({ account, form, query, path, suffix, scope, usageType, delivery }, ...ids);
    return answer(
      { ...healthy, wire: met.answer?.wire, slowMs: met.answer?.slowMs },
      creates ? [...met.error, ...delivery] : met.error,
    );
  };
}
