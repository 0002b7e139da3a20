import { afterEach, expect, it } from 'vitest';
import { type Mocks, startMocks } from './index.ts';
import { createJournal, type NewExchange } from './journal.ts';
import { createInbox, type NewInboxMessage } from './twilio/inbox.ts';

const exchange = (scope: string, body: unknown = null): NewExchange => ({
  durationMs: 1,
  scope,
  from: 'app',
  to: 'issuer',
  method: 'GET',
  url: 'http://127.0.0.1/oidc/token',
  status: 200,
  request: { headers: {}, body: null },
  response: { headers: {}, body },
});
const message = (to: string): NewInboxMessage => ({
  sid: `SM${to}`,
  to,
  from: null,
  body: 'Hello',
  code: null,
  template: null,
  templates: [],
  usageType: null,
  segments: 1,
  encoding: 'GSM-7',
  at: new Date().toISOString(),
  scope: null,
  status: 'delivered',
});

it('a journal that lost entries of a scope, or after a position, says so', () => {
  const journal = createJournal(10);
  journal.add(exchange('early'));
  for (let count = 0; count < 11; count += 1) journal.add(exchange('late'));
  expect(journal.missing({ scope: 'early' })).toMatch(/keeps 10 exchanges/);
  expect(journal.missing({ since: 0 })).toMatch(/keeps 10 exchanges/);
  expect(journal.missing({ scope: 'late', since: 2 })).toBeUndefined();
  expect(journal.missing({ scope: 'other' })).toBeUndefined();
  expect(journal.missing({ endpoint: 'token' })).toBeUndefined();
});

it('a body that was cut says so', () =>
  expect(createJournal().add(exchange('a', 'x '.repeat(10_000))).response.body).toMatch(
    /… \(cut: it has 20000 characters\)$/,
  ));

it('an inbox that lost messages to a number says so', () => {
  const inbox = createInbox(10);
  inbox.add(message('+12015550101'));
  for (let count = 0; count < 11; count += 1) inbox.add(message('+12015550102'));
  expect(inbox.missing('+12015550101')).toMatch(/keeps 10 messages/);
  expect(inbox.missing('+12015550103')).toBeUndefined();
  inbox.clear();
  expect(inbox.missing('+12015550101')).toBeUndefined();
});

let mocks: Mocks | undefined;
afterEach(() => mocks?.close());

it('the control server hands out nothing that is not whole as if it were', async () => {
  mocks = await startMocks();
  mocks.journal.add(exchange('early'));
  for (let count = 0; count < 22_000; count += 1) mocks.journal.add(exchange('late'));
  await expect(mocks.client.journal({ scope: 'early' })).rejects.toThrow(/keeps 20000 exchanges/);
  expect(await mocks.client.journal({ scope: 'late', since: 22_000 })).toHaveLength(1);
});
