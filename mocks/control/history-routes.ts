/** What the mocks saw, gave out and sent. The stream of the journal is in `server.ts`. */
import { z } from 'zod';
import type { JournalQuery } from '../journal.ts';
import { type ControlContext, type ControlRoute, gone, route } from './route.ts';

const journalQuery = z.object({
  scope: z.string().optional(),
  since: z.coerce.number().optional().describe('only entries after this position'),
  endpoint: z.string().optional().describe('authorize, token, userinfo, jwks, discovery, messages …'),
  to: z.enum(['browser', 'app', 'issuer', 'carrier', 'harness']).optional(),
  tenant: z.enum(['first', 'second']).optional().describe('which issuer, where there are two'),
  view: z
    .enum(['servers'])
    .optional()
    .describe('exchanges of servers whole, and of browsers only which ones a fault changed'),
  waitMs: z.coerce.number().max(60_000).optional().describe('wait this long for the first entry that fits'),
});
const inboxQuery = z.object({
  to: z.string().describe('phone number'),
  since: z.string().optional().describe('ISO 8601; only messages at or after it'),
  waitMs: z.coerce.number().max(60_000).default(5000),
});

export const historyRoutes = ({ journal, issuer, carrier }: ControlContext): ControlRoute[] => [
  route<unknown, z.infer<typeof journalQuery>>({
    method: 'GET',
    path: '/journal',
    summary: 'What the mocks saw, redacted; 410 when some of what a scope or a position asks for has left',
    query: journalQuery,
    async run({ query: { waitMs, ...wanted } }) {
      if (waitMs)
        await journal.waitFor(wanted as JournalQuery, waitMs).catch((error: Error) => {
          throw Object.assign(error, { statusCode: 408 });
        });
      const missing = journal.missing(wanted as JournalQuery);
      if (missing) throw gone(missing);
      return journal.query(wanted as JournalQuery);
    },
  }),
  route<unknown, { since: number }>({
    method: 'GET',
    path: '/issued',
    summary:
      'What the mocks gave out and whose it is, from a position on: true values, for the harness alone',
    query: z.object({ since: z.coerce.number().int().min(0).default(0) }),
    run: ({ query }) => journal.issued.since(query.since),
  }),
  route({
    method: 'GET',
    path: '/usage-types',
    summary: 'What Logto asked its connectors to send, by usage type, and in whose scope',
    run: () => issuer.context.sent.rows(),
  }),
  route<unknown, z.infer<typeof inboxQuery>>({
    method: 'GET',
    path: '/inbox',
    summary: 'The next message to a number since a time, as soon as it arrives',
    query: inboxQuery,
    run: ({ query: { to, since, waitMs } }) =>
      carrier.inbox
        .waitFor({ to, since, limitMs: waitMs })
        .catch((error: Error & { statusCode?: number }) => {
          throw Object.assign(error, { statusCode: error.statusCode ?? 408 });
        }),
  }),
  route<unknown, { to?: string }>({
    method: 'GET',
    path: '/inbox/messages',
    summary: 'All messages, or those to one number; 410 when some of these have left',
    query: z.object({ to: z.string().optional(), since: z.string().optional() }),
    run({ query }) {
      const missing = query.to === undefined ? undefined : carrier.inbox.missing(query.to);
      if (missing) throw gone(missing);
      return carrier.inbox.list(query);
    },
  }),
];
