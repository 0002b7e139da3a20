/** Twilio's Messages API 2010-04-01 and Verify v2 as a Fastify server, with an inbox of what reached the phones. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import formbody from '@fastify/formbody';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import { hostsIn, mayAsk } from '../loopback.ts';
import { registerSecret } from '../redact.ts';
import type { Scopes } from '../scope.ts';
import { type AccountInput, accountRow, type TwilioAccount } from './accounts.ts';
import { API_VERSION, createApi, routesOf, scopeOf } from './api.ts';
import { type InboxAttempt, outcomeOf, recipientOf, requestOf } from './attempts.ts';
import { createCallbacks } from './callbacks.ts';
import { type ChaosInput, type ChaosPlan, createChaos } from './chaos.ts';
import { errorAnswer } from './errors.ts';
import { createSender } from './exchange.ts';
import { TWILIO_ORIGINS } from './hosts.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { createLifeCycle } from './life-cycle.ts';
import { clipped, newSid, one } from './message.ts';
import { createMessageStore } from './message-store.ts';
import { splitSuffix } from './representations.ts';
import { accountResources } from './routes/account.ts';
import { mountInbox } from './routes/inbox.ts';
import { messageResources } from './routes/messages.ts';
import { mountMessagingServices } from './routes/messaging-services.ts';
import { subresources } from './routes/subresources.ts';
import { recognise, type SmsTemplate } from './templates.ts';
import { createTimers } from './timers.ts';
import { mountVerify } from './verify/routes.ts';

export type { InboxAttempt } from './attempts.ts';
export type { ChaosInput, ChaosPlan } from './chaos.ts';
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
  /** Milliseconds of the mock's clock between two statuses of a message (default 150). */
  paceMs?: number;
  /** Messages kept (default 10,000); the oldest leave first. */
  maxMessages?: number;
  /** Host names beside Twilio's and those of this machine by which it is asked, and which it asks itself. */
  allowHosts?: readonly string[];
}

/** Environment variables of an app, by the names of Twilio's guides; empty where the account has none. */
export type TwilioCredentials = Record<
  'TWILIO_ACCOUNT_SID' | 'TWILIO_AUTH_TOKEN' | 'TWILIO_MESSAGING_SERVICE_SID' | 'TWILIO_VERIFY_SERVICE_SID',
  string
>;

export interface TwilioMock {
  origin: string;
  /** Every route of Twilio's APIs and of the inbox, for those who ask all of them. */
  routes: readonly { method: string; url: string }[];
  inbox: Inbox;
  /** What an app needs to send by itself, under the names of Twilio's guides: those of the first account. */
  credentials(): TwilioCredentials;
  /** Replaces the accounts, when another connector config is used. */
  setAccounts(accounts: AccountInput[]): void;
  /**
   * Lets a percentage of the messages meet a fault; the same seed gives the same faults. null ends it.
   * @throws ZodError when the plan is wrong
   */
  setChaos(plan: ChaosInput | null): ChaosPlan | null;
  /** Resolves when every status callback that is due was sent or given up. */
  callbacksSettled(): Promise<void>;
  /** Forgets all messages, those still under way too, and ends the chaos. */
  reset(): void;
  close(): Promise<void>;
}

const BODY_LIMIT = 1_048_576;
/** Characters of a refused text that the inbox shows. */
const BODY_SHOWN = 2000;

/** Answers what is no HTTP request at all, or one with too many headers; the connection ends. */
function refuseGarbage(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
  const body = JSON.stringify({ ...(errorAnswer(20422).body as object), status });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** Starts the Twilio mock. */
export async function startTwilio(options: TwilioOptions): Promise<TwilioMock> {
  const { host = '127.0.0.1', port = 0, scopes, clock, journal, templates = () => [] } = options;
  const started = Date.now();
  let accounts: TwilioAccount[] = [];
  const setAccounts: TwilioMock['setAccounts'] = (inputs) => {
    accounts = inputs.map(accountRow);
    for (const { authToken } of accounts) registerSecret('auth token', authToken);
  };
  setAccounts(options.accounts);

  const inbox = createInbox(options.maxMessages);
  const store = createMessageStore(options.maxMessages);
  const timers = createTimers(clock);
  const chaos = createChaos();
  const callbacks = createCallbacks({ journal, allowed: hostsIn(options.allowHosts ?? []) });
  const lifeCycle = createLifeCycle({
    clock,
    timers,
    inbox,
    templates,
    paceMs: options.paceMs ?? 150,
    onStatus: callbacks.notify,
  });

  const app = Fastify({
    forceCloseConnections: true,
    bodyLimit: BODY_LIMIT,
    // A path that cannot be decoded (`/%zz`) meets no route: it is answered like any other that does not exist.
    frameworkErrors: (_error, request, reply) =>
      void answerUnknown(request as FastifyRequest, reply as never),
    clientErrorHandler: refuseGarbage,
  });
  const routes: { method: string; url: string }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) routes.push({ method: each, url });
  });
  // Forms only, as the API description says; a JSON body is not read and so lacks every parameter.
  app.removeAllContentTypeParsers();
  await app.register(formbody, { bodyLimit: BODY_LIMIT });
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume();
    done(null, {});
  });

  let busy = 0;
  const own = hostsIn([...TWILIO_ORIGINS, ...(options.allowHosts ?? [])]);
  app.addHook('onRequest', async (request, reply) => {
    if (!mayAsk(request.headers.host, own)) {
      const message = 'the mock answers no host of this name; allow it with allowHosts (--allow-host)';
      return reply.code(421).header('x-conformance-mock', 'twilio').send({ message });
    }
    busy += 1;
    reply.raw.once('close', () => {
      busy -= 1;
    });
    reply.header('x-conformance-mock', 'twilio');
  });
  const send = createSender({ journal, templates, concurrent: () => busy });
  const resources = [
    ...messageResources({ clock, store, lifeCycle, scheduledMax: options.maxMessages ?? 10_000 }),
    ...subresources({ clock, store }),
    ...accountResources(() => accounts, started),
  ];
  const api = createApi({
    accounts: () => accounts,
    scopes,
    chaos,
    send,
    resources,
    onRefusal({ form, answer, path, scope, usageType }) {
      const { template, templates: fits } = recognise(one(form.Body), templates(), usageType);
      inbox.addAttempt({
        id: newSid('RF'),
        kind: 'refused',
        to: recipientOf(form),
        from: one(form.From).slice(0, 64) || null,
        body: one(form.Body).slice(0, BODY_SHOWN),
        ...outcomeOf(answer),
        template,
        templates: fits,
        at: new Date().toISOString(),
        scope: scope ?? null,
        request: requestOf(path.split('/')[3] ?? '', clipped(form)),
      } satisfies InboxAttempt);
    },
  });
  function answerUnknown(request: FastifyRequest, reply: FastifyReply) {
    const uri = request.url.split('?')[0] ?? '';
    const { format } = splitSuffix(uri);
    return send(request, reply, errorAnswer(20404, { uri }), {
      scope: scopeOf(request, scopes),
      resource: 'unknown',
      format: uri.startsWith(`${API_VERSION}/`) ? format : 'json',
    });
  }
  // Every method, those that Fastify has no route for too.
  app.setNotFoundHandler((request, reply) =>
    request.url.startsWith(`${API_VERSION}/`) ? api(request, reply) : answerUnknown(request, reply),
  );
  app.setErrorHandler((error: Error & { statusCode?: number; code?: string }, request, reply) => {
    const status = error.statusCode ?? 500;
    const uri = request.url.split('?')[0] ?? '';
    if (uri.startsWith('/inbox')) return reply.code(status).send({ message: error.message });
    // A content type that is none says as little as one that is not read: the form is empty.
    if ((status === 415 || request.method === 'QUERY') && uri.startsWith(`${API_VERSION}/`))
      return api(request, reply);
    const { path, format } = splitSuffix(uri);
    const long = status === 413 && path.endsWith('/Messages');
    const answer = errorAnswer(long ? 21617 : status < 500 ? 20422 : 20500);
    return send(request, reply, answer, {
      scope: undefined,
      resource: 'unknown',
      format: uri.startsWith(`${API_VERSION}/`) ? format : 'json',
    });
  });

  app.all(`${API_VERSION}/*`, api);
  mountMessagingServices(app, { accounts: () => accounts, send, started });

  const verify = mountVerify(app, {
    accounts: () => accounts,
    scopes,
    clock,
    chaos,
    send,
    lifeCycle,
    onRefusal: ({ form, answer, url, scope }) =>
      inbox.addAttempt({
        id: newSid('RF'),
        kind: 'refused',
        to: recipientOf(form),
        from: null,
        body: '',
        ...outcomeOf(answer),
        template: 'Verify',
        templates: ['Verify'],
        at: new Date().toISOString(),
        scope: scope ?? null,
        request: { method: 'POST', url, form: clipped(form) },
      }),
  });
  mountInbox(app, { inbox, stored: (sid) => store.get(sid) ?? verify.message(sid) });

  await app.listen({ host, port });
  const address = app.server.address();
  return {
    origin: `http://${host}:${typeof address === 'object' && address ? address.port : port}`,
    inbox,
    routes: [...routes.filter(({ url }) => url !== `${API_VERSION}/*`), ...resources.flatMap(routesOf)],
    credentials() {
      const [account] = accounts;
      return {
        TWILIO_ACCOUNT_SID: account?.sid ?? '',
        TWILIO_AUTH_TOKEN: account?.authToken ?? '',
        TWILIO_MESSAGING_SERVICE_SID: account?.messagingServices[0] ?? '',
        TWILIO_VERIFY_SERVICE_SID: account?.verifyServices[0] ?? '',
      };
    },
    setAccounts,
    setChaos: chaos.set,
    callbacksSettled: callbacks.settled,
    reset() {
      timers.clear();
      lifeCycle.forget();
      store.clear();
      verify.reset();
      inbox.clear();
      chaos.set(null);
    },
    async close() {
      timers.close();
      await callbacks.close();
      await app.close();
    },
  };
}
