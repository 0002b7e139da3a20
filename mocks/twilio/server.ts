/** Twilio's Messages API 2010-04-01 as a Fastify server, with an inbox of what reached the phones. */
import { randomBytes } from 'node:crypto';
import formbody from '@fastify/formbody';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import { distort, type FaultName, type HttpAnswer } from '../faults.ts';
import type { Journal } from '../journal.ts';
import { registerSecret } from '../redact.ts';
import { SCOPE_HEADER, type Scopes } from '../scope.ts';
import { type AccountInput, accountRow, authenticates, type TwilioAccount } from './accounts.ts';
import { errorAnswer } from './errors.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { createMessageStore, type Form, readNumber } from './messages.ts';
import { recognise, type SmsTemplate } from './templates.ts';

export type { Inbox, InboxMessage } from './inbox.ts';

export interface TwilioOptions {
  /** Address to listen on (default 127.0.0.1). */
  host?: string;
  /** Port, 0 or none for a free one. */
  port?: number;
  scopes: Scopes;
  clock: Clock;
  journal: Journal;
  accounts: AccountInput[];
  /** Templates of the connector, to recognise type and code of a message. */
  templates?: () => readonly SmsTemplate[];
}

export interface TwilioMock {
  origin: string;
  inbox: Inbox;
  /** Replaces the accounts, when another connector config is used. */
  setAccounts(accounts: AccountInput[]): void;
  close(): Promise<void>;
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Starts the Twilio mock. */
export async function startTwilio(options: TwilioOptions): Promise<TwilioMock> {
  const { host = '127.0.0.1', port = 0, scopes, clock, journal, templates = () => [] } = options;
  let accounts: TwilioAccount[] = [];
  const setAccounts: TwilioMock['setAccounts'] = (inputs) => {
    accounts = inputs.map(accountRow);
    for (const { authToken } of accounts) registerSecret('auth token', authToken);
  };
  setAccounts(options.accounts);
  const inbox = createInbox();
  const store = createMessageStore({ clock, scopes, inbox, templates });
  const app = Fastify({ forceCloseConnections: true });
  await app.register(formbody);

  const scopeOf = (request: FastifyRequest) => {
    const header = request.headers[SCOPE_HEADER];
    const to = readNumber(String((request.body as Form | undefined)?.To ?? ''));
    return (Array.isArray(header) ? header[0] : header) ?? scopes.of('phone', to);
  };

  /** Sends an answer, or lets it hang, reset or drip, and notes it in the journal. */
  async function send(
    request: FastifyRequest,
    reply: FastifyReply,
    answer: HttpAnswer,
    armed: FaultName[] = [],
  ) {
    const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    const form = (request.body ?? {}) as Form;
    const connector = /^got /.test(request.headers['user-agent'] ?? '') || SCOPE_HEADER in request.headers;
    const code = (answer.body as { code?: number } | null)?.code;
    journal.add({
      durationMs: Math.round(reply.elapsedTime),
      scope: scopeOf(request) ?? null,
      from: connector ? 'issuer' : 'app',
      to: 'carrier',
      method: request.method,
      url: `https://api.twilio.com${request.url}`,
      status: answer.wire === 'hang' || answer.wire === 'reset' ? null : answer.status,
      request: { headers: request.headers as Record<string, string>, body: form },
      response: {
        headers: answer.headers,
        body: answer.wire === 'hang' || answer.wire === 'reset' ? null : answer.body,
      },
      faults: armed,
      facts: {
        endpoint: 'messages',
        template: recognise(String(form.Body ?? ''), templates()).template,
        ...(code !== undefined && { error: code }),
      },
    });
    if (answer.wire === 'hang') return reply.hijack();
    if (answer.wire === 'reset') {
      reply.hijack();
      request.raw.socket.resetAndDestroy();
      return reply;
    }
    if (answer.wire === 'slow') await sleep(answer.slowMs ?? 400);
    return reply
      .code(answer.status)
      .headers({ 'content-type': 'application/json', ...twilioHeaders(), ...answer.headers })
      .send(body);
  }

  app.addHook('onRequest', async (_request, reply) => {
    reply.header('x-conformance-mock', 'twilio');
  });
  app.setNotFoundHandler((request, reply) =>
    send(request, reply, errorAnswer(20404, { uri: request.url.split('?')[0] ?? '' })),
  );

  app.post<{ Params: { sid: string } }>('/2010-04-01/Accounts/:sid/Messages.json', async (request, reply) => {
    const account = accounts.find(({ sid }) => sid === request.params.sid);
    if (!account) return send(request, reply, errorAnswer(20404, { uri: request.url }));
    if (!authenticates(request.headers.authorization, account))
      return send(request, reply, errorAnswer(20003));
    const scope = scopeOf(request);
    const armed = scopes.armed('error', scope);
    const context = { issuer: '', clientId: '', redirectUri: '', now: Math.floor(Date.now() / 1000) };
    // A refused message is never created: the fault looks at the answer that a good one would get.
    const refused = armed.length
      ? distort<HttpAnswer>(armed, { status: 201, headers: {}, body: {} }, context)
      : undefined;
    if (refused && (refused.status >= 300 || refused.wire === 'hang' || refused.wire === 'reset'))
      return send(request, reply, refused, armed);
    const { answer } = store.create(account, (request.body ?? {}) as Form, scope);
    return send(request, reply, { ...answer, wire: refused?.wire, slowMs: refused?.slowMs }, armed);
  });

  await app.listen({ host, port });
  const address = app.server.address();
  return {
    origin: `http://${host}:${typeof address === 'object' && address ? address.port : port}`,
    inbox,
    setAccounts,
    close: () => app.close(),
  };
}

/** Headers on every answer of the 2010-04-01 API, also on errors ([W], facts: twilio.md §1). */
const twilioHeaders = (): Record<string, string> => ({
  'twilio-request-id': `RQ${randomBytes(16).toString('hex')}`,
  'twilio-request-duration': (0.05 + Math.random() / 10).toFixed(3),
  'twilio-concurrent-requests': '1',
  'x-home-region': 'us1',
  'x-api-domain': 'api.twilio.com',
  'strict-transport-security': 'max-age=31536000',
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'ETag',
});
