/**
 * The frame around every resource of the 2010-04-01 API: format by suffix, account, credentials, method, faults.
 * What a resource answers stands in `routes/`.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { distort, type FaultName, type HttpAnswer } from '../faults.ts';
import { SCOPE_HEADER, type Scopes } from '../scope.ts';
import { credentialsOf, knowsUser, opens, type TwilioAccount } from './accounts.ts';
import type { Chaos } from './chaos.ts';
import { errorAnswer } from './errors.ts';
import type { SendAnswer } from './exchange.ts';
import { type Form, one } from './message.ts';
import { readNumber } from './numbers.ts';

export interface Call {
  account: TwilioAccount;
  form: Form;
  query: Record<string, string | undefined>;
  /** Path without its suffix. */
  path: string;
  scope: string | undefined;
  /** Delivery faults that apply to a message created by this call. */
  delivery: readonly FaultName[];
  /** Address of the mock, as the caller named it. */
  origin: string;
}

export type Handler = (call: Call, ...ids: string[]) => HttpAnswer;

export interface Resource {
  /** Matched against the path after the account, without suffix: `''`, `/Messages`, `/Messages/([^/]+)` … */
  pattern: RegExp;
  /** Its name in the journal. */
  name: string;
  /** Name of one item in XML. */
  element: string;
  methods: Partial<Record<string, Handler>>;
}

export interface ApiOptions {
  accounts(): readonly TwilioAccount[];
  scopes: Scopes;
  chaos: Chaos;
  send: SendAnswer;
  resources: readonly Resource[];
}

const ACCOUNT_SID = /^AC[0-9a-fA-F]{32}$/;

/** The scope that a request belongs to: its header says so, or the number that it texts. */
export function scopeOf(request: FastifyRequest, scopes: Scopes): string | undefined {
  const header = request.headers[SCOPE_HEADER];
  const to = readNumber(one((request.body as Form | undefined)?.To));
  return (Array.isArray(header) ? header[0] : header) ?? scopes.of('phone', to);
}

/** 401 in the three wordings that were recorded: no credentials, a user nobody knows, a wrong token. */
export function refuseCredentials(request: FastifyRequest, accounts: readonly TwilioAccount[]): HttpAnswer {
  const credentials = credentialsOf(request.headers.authorization);
  if (!credentials) return errorAnswer(20003, { message: 'Authentication Error - No credentials provided' });
  if (!knowsUser(credentials.user, accounts))
    return errorAnswer(20003, { message: 'Authentication Error - invalid username' });
  return errorAnswer(20003);
}

export function mountApi(app: FastifyInstance, options: ApiOptions): void {
  const { accounts, scopes, chaos, send, resources } = options;

  app.all<{ Params: { '*': string } }>('/2010-04-01/Accounts/*', (request, reply) => {
    const uri = request.url.split('?')[0] as string;
    const scope = scopeOf(request, scopes);
    const [, path = '', suffix = ''] = /^(.*?)(\.json|\.xml)?$/.exec(uri) ?? [];
    const [sid = '', ...rest] = path.slice('/2010-04-01/Accounts/'.length).split('/');
    const below = rest.length ? `/${rest.join('/')}` : '';
    const found = resources.find(({ pattern }) => pattern.test(below));
    const answer = (it: HttpAnswer, armed: readonly FaultName[] = []) =>
      send(request, reply, it, {
        scope,
        armed,
        resource: found?.name ?? 'unknown',
        // Without a suffix Twilio answers in XML, errors too.
        xml: suffix === '.json' ? undefined : (found?.element ?? 'Resource'),
      });

    // A malformed account is 404, not 401 (recorded with `invalid_sid` in path and credentials).
    if (!ACCOUNT_SID.test(sid) || !found) return answer(errorAnswer(20404, { uri }));
    const account = accounts().find((row) => row.sid.toLowerCase() === sid.toLowerCase());
    const credentials = credentialsOf(request.headers.authorization);
    if (!account || !credentials || !opens(credentials, account))
      return answer(refuseCredentials(request, accounts()));
    const handler = found.methods[request.method];
    if (!handler) return answer(errorAnswer(20004));

    const form = (request.body ?? {}) as Form;
    const creates = found.name === 'messages' && request.method === 'POST';
    const inScope = [...scopes.armed('error', scope), ...scopes.armed('delivery', scope)];
    // Chaos leaves alone what a check has armed faults for.
    const all = inScope.length > 0 || !creates ? inScope : chaos.draw(one(form.To));
    const armed = all.filter((name) => name.startsWith('error/'));
    const delivery = all.filter((name) => name.startsWith('delivery/'));
    const context = { issuer: '', clientId: '', redirectUri: '', now: Math.floor(Date.now() / 1000) };
    // A refused message is never created: the fault looks at the answer that a good one would get.
    const refused = armed.length
      ? distort<HttpAnswer>(armed, { status: 201, headers: {}, body: {} }, context)
      : undefined;
    if (refused && (refused.status >= 300 || refused.wire === 'hang' || refused.wire === 'reset'))
      return answer(refused, armed);
    const origin = `${request.protocol}://${request.headers.host}`;
    const call: Call = {
      account,
      form,
      query: Object.fromEntries(
        Object.entries(request.query as Record<string, string | string[]>).map(([key, value]) => [
          key,
          one(value),
        ]),
      ),
      path,
      scope,
      delivery,
      origin,
    };
    const healthy = handler(call, ...(found.pattern.exec(below)?.slice(1) ?? []));
    return answer(
      { ...healthy, wire: refused?.wire, slowMs: refused?.slowMs },
      creates ? [...armed, ...delivery] : armed,
    );
  });
}
