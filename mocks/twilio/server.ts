/** Twilio's Messages API 2010-04-01 as a Fastify server, with an inbox of what reached the phones. */
import formbody from '@fastify/formbody';
import Fastify from 'fastify';
import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import { registerSecret } from '../redact.ts';
import type { Scopes } from '../scope.ts';
import { type AccountInput, accountRow, type TwilioAccount } from './accounts.ts';
import { mountApi, scopeOf } from './api.ts';
import { createCallbacks } from './callbacks.ts';
import { type ChaosInput, type ChaosPlan, createChaos } from './chaos.ts';
import { errorAnswer } from './errors.ts';
import { createSender } from './exchange.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { createLifeCycle } from './life-cycle.ts';
import { createMessageStore } from './message-store.ts';
import { accountResource } from './routes/account.ts';
import { mountInbox } from './routes/inbox.ts';
import { messageResources } from './routes/messages.ts';
import { mountMessagingServices } from './routes/messaging-services.ts';
import { subresources } from './routes/subresources.ts';
import type { SmsTemplate } from './templates.ts';
import { createTimers } from './timers.ts';

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
  /** Messages kept (default 20,000); the oldest leave first. */
  maxMessages?: number;
}

export interface TwilioMock {
  origin: string;
  inbox: Inbox;
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
  const callbacks = createCallbacks({ journal });
  const lifeCycle = createLifeCycle({
    clock,
    timers,
    inbox,
    templates,
    paceMs: options.paceMs ?? 150,
    onStatus: callbacks.notify,
  });

  const app = Fastify({ forceCloseConnections: true, bodyLimit: BODY_LIMIT });
  // Forms only, as the API description says; a JSON body is not read and so lacks every parameter.
  app.removeAllContentTypeParsers();
  await app.register(formbody, { bodyLimit: BODY_LIMIT });
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume();
    done(null, {});
  });

  let busy = 0;
  app.addHook('onRequest', async (_request, reply) => {
    busy += 1;
    reply.raw.once('close', () => {
      busy -= 1;
    });
    reply.header('x-conformance-mock', 'twilio');
  });
  const send = createSender({ journal, templates, concurrent: () => busy });
  app.setNotFoundHandler((request, reply) =>
    send(request, reply, errorAnswer(20404, { uri: request.url.split('?')[0] ?? '' }), {
      scope: scopeOf(request, scopes),
      resource: 'unknown',
    }),
  );
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    const answer = errorAnswer(status === 413 ? 21617 : status < 500 ? 20422 : 20500);
    return send(request, reply, answer, { scope: undefined, resource: 'unknown' });
  });

  mountApi(app, {
    accounts: () => accounts,
    scopes,
    chaos,
    send,
    resources: [
      ...messageResources({ clock, store, lifeCycle }),
      ...subresources({ clock, store }),
      accountResource(started),
    ],
  });
  mountMessagingServices(app, { accounts: () => accounts, send, started });

  mountInbox(app, { inbox, store });

  await app.listen({ host, port });
  const address = app.server.address();
  return {
    origin: `http://${host}:${typeof address === 'object' && address ? address.port : port}`,
    inbox,
    setAccounts,
    setChaos: chaos.set,
    callbacksSettled: callbacks.settled,
    reset() {
      timers.clear();
      lifeCycle.forget();
      store.clear();
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
