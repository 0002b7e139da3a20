/** /inbox: the page that shows what reached the phones, and `/inbox/api`, the same for scripts. */
import { readFileSync } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { LOOPBACK } from '../../loopback.ts';
import type { InboxAttempt } from '../attempts.ts';
import { errorNumbers } from '../errors.ts';
import type { Inbox, InboxEvent, InboxMessage } from '../inbox.ts';
import type { StoredMessage } from '../message.ts';
import { countryOf, prettyNumber } from '../numbers.ts';

const read = (name: string) => readFileSync(new URL(`../inbox/${name}`, import.meta.url), 'utf8');

const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-cache',
};
const FILES = [
  { url: '/inbox', file: 'page.html', type: 'text/html' },
  ...['base', 'phones', 'thread', 'details', 'help'].map((name) => ({
    url: `/inbox/${name}.css`,
    file: `${name}.css`,
    type: 'text/css',
  })),
  ...['page', 'thread', 'details', 'help', 'element'].map((name) => ({
    url: `/inbox/${name}.js`,
    file: `${name}.js`,
    type: 'text/javascript',
  })),
  { url: '/inbox/icon.svg', file: 'icon.svg', type: 'image/svg+xml' },
];

const listQuery = z.object({
  to: z.string().optional(),
  since: z.string().optional(),
  search: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(20_000).default(1000),
});
const waitQuery = z.object({
  to: z.string().min(1),
  since: z.string().optional(),
  scope: z.string().optional(),
  waitMs: z.coerce.number().min(0).max(60_000).default(5000),
});

/** A query string turns the plus of a number that was not encoded into a blank: it is put back. */
const phoneIn = (text: string) => text.replace(/^ (?=\d)/, '+');

/** What a message costs by: country, channel and segments; Twilio charges each segment. */
export const priceClass = ({ to, segments }: Pick<InboxMessage, 'to' | 'segments'>, media = 0): string =>
  `${countryOf(to) ?? 'unknown country'} ${media ? 'MMS' : 'SMS'} × ${segments}`;

/** With country and number as people write it, for the page. */
const withNumber = <Item extends { to: string }>(item: Item) => ({
  ...item,
  number: prettyNumber(item.to),
  country: countryOf(item.to),
});

/** All that is known of a message: the request that made it, its answer, its present state and its history. */
const details = (copy: InboxMessage, stored: StoredMessage | undefined) => ({
  ...copy,
  priceClass: priceClass(copy, stored?.media.length),
  price: stored?.resource.price ?? null,
  timeline: stored?.timeline ?? [],
  errorCode: stored?.resource.error_code ?? null,
  request: stored && {
    method: 'POST',
    url: stored.via?.url ?? `https://api.twilio.com/2010-04-01/Accounts/${stored.account.sid}/Messages.json`,
    form: stored.via?.form ?? stored.form,
  },
  answer: stored && { status: 201, body: stored.via?.answer ?? stored.created },
  resource: stored?.resource ?? null,
});

/** The same of a message that reached no phone. */
const attemptDetails = (attempt: InboxAttempt, stored: StoredMessage | undefined) => ({
  ...attempt,
  priceClass: null,
  price: stored?.resource.price ?? null,
  timeline: stored?.timeline ?? [{ status: 'refused', at: attempt.at }],
  errorCode: attempt.code,
  resource: stored?.resource ?? null,
});

const shown = (event: InboxEvent): object => {
  if (event.type === 'message') return { ...event, message: withNumber(event.message) };
  return event.type === 'attempt' ? { ...event, attempt: withNumber(event.attempt) } : event;
};

export function mountInbox(
  app: FastifyInstance,
  { inbox, stored }: { inbox: Inbox; stored(sid: string): StoredMessage | undefined },
) {
  // A foreign page whose host name was pointed at this machine must not read codes (DNS rebinding).
  const guard = async (request: FastifyRequest, reply: FastifyReply) => {
    if (!LOOPBACK.test(request.headers.host ?? ''))
      return reply.code(421).send({ message: 'the inbox answers loopback hosts only' });
    // Nor may it forget them for one; a page that is opened by a link is a navigation.
    const { 'sec-fetch-site': site, 'sec-fetch-mode': mode, origin, host } = request.headers;
    const foreign = site !== undefined && site !== 'same-origin' && site !== 'none';
    const other = origin !== undefined && origin !== `http://${host}`;
    if (other || (foreign && !(request.method === 'GET' && mode === 'navigate')))
      return reply.code(403).send({ message: 'the inbox answers no page of another site' });
  };
  const parse = <Output>(schema: z.ZodType<Output>, value: unknown, reply: FastifyReply) => {
    const parsed = schema.safeParse(value);
    if (!parsed.success) reply.code(400).send({ message: z.prettifyError(parsed.error) });
    return parsed.data;
  };
  async function waitFor(request: FastifyRequest, reply: FastifyReply): Promise<InboxMessage | undefined> {
    const query = parse(waitQuery, request.query, reply);
    if (!query) return undefined;
    const left = new AbortController();
    reply.raw.once('close', () => left.abort());
    try {
      const { waitMs, ...wanted } = query;
      return await inbox.waitFor({
        ...wanted,
        to: phoneIn(query.to),
        limitMs: waitMs,
        signal: left.signal,
      });
    } catch (error) {
      reply.code(408).send({ message: (error as Error).message });
      return undefined;
    }
  }

  for (const { url, file, type } of FILES) {
    const content = read(file);
    app.get(url, { onRequest: guard }, (_request, reply) =>
      reply.headers({ ...PAGE_HEADERS, 'content-type': `${type}; charset=utf-8` }).send(content),
    );
  }

  app.get('/inbox/api/messages', { onRequest: guard }, async (request, reply) => {
    const query = parse(listQuery, request.query, reply);
    if (!query) return reply;
    const { limit, to, ...rest } = query;
    return inbox
      .list({ ...rest, to: to === undefined ? undefined : phoneIn(to) })
      .slice(-limit)
      .map(withNumber);
  });
  app.get<{ Params: { sid: string } }>('/inbox/api/messages/:sid', { onRequest: guard }, (request, reply) => {
    const copy = inbox.list().find(({ sid }) => sid === request.params.sid);
    if (copy) return reply.send(details(copy, stored(copy.sid)));
    const attempt = inbox.attempts().find(({ id }) => id === request.params.sid);
    if (attempt) return reply.send(attemptDetails(attempt, stored(attempt.id)));
    return reply.code(404).send({ message: `no message ${request.params.sid} is in the inbox` });
  });
  app.get('/inbox/api/attempts', { onRequest: guard }, async (request, reply) => {
    const query = parse(listQuery, request.query, reply);
    if (!query) return reply;
    const { limit, to, ...rest } = query;
    return inbox
      .attempts({ ...rest, to: to === undefined ? undefined : phoneIn(to) })
      .slice(-limit)
      .map(withNumber);
  });
  app.get('/inbox/api/errors', { onRequest: guard }, async () => errorNumbers());
  app.get('/inbox/api/wait', { onRequest: guard }, async (request, reply) => {
    const message = await waitFor(request, reply);
    return message ?? reply;
  });
  app.get('/inbox/api/code', { onRequest: guard }, async (request, reply) => {
    const message = await waitFor(request, reply);
    if (!message) return reply;
    if (!message.code)
      return reply.code(422).send({ message: `the message ${message.sid} holds no code`, sid: message.sid });
    const { code, template, sid, at } = message;
    return { code, template, sid, at };
  });
  app.delete<{ Params: { sid: string } }>(
    '/inbox/api/messages/:sid',
    { onRequest: guard },
    (request, reply) =>
      inbox.delete(request.params.sid)
        ? reply.send({ deleted: 1 })
        : reply.code(404).send({ message: `no message ${request.params.sid} is in the inbox` }),
  );
  app.delete('/inbox/api/messages', { onRequest: guard }, async (request, reply) => {
    const query = parse(z.object({ to: z.string().optional() }), request.query, reply);
    if (!query) return reply;
    const to = query.to === undefined ? undefined : phoneIn(query.to);
    const deleted = inbox.list({ to }).length + inbox.attempts({ to }).length;
    inbox.clear(to);
    return { deleted };
  });
  app.get('/inbox/api/stream', { onRequest: guard }, (request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    reply.raw.write('retry: 1000\n\n');
    const stop = inbox.watch((happened) => {
      const event = shown(happened);
      // A reader that is too slow is let go, rather than kept in memory; it connects again and reads the list.
      if (reply.raw.writableLength > 1_048_576) reply.raw.destroy();
      else reply.raw.write(`event: ${happened.type}\ndata: ${JSON.stringify(event)}\n\n`);
    });
    request.raw.once('close', stop);
    reply.raw.once('close', stop);
  });
}
