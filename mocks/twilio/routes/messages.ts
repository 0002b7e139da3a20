/** …/Messages: create, list, fetch, change, delete (https://www.twilio.com/docs/messaging/api/message-resource). */
import type { Clock } from '../../clock.ts';
import type { HttpAnswer } from '../../faults.ts';
import type { Call, Resource } from '../api.ts';
import { errorAnswer } from '../errors.ts';
import type { LifeCycle } from '../life-cycle.ts';
import { isFinal, newMessage, one, type StoredMessage, twilioDate } from '../message.ts';
import type { MessageStore } from '../message-store.ts';
import { digitsOf } from '../numbers.ts';
import { pageOf } from '../paging.ts';
import { findProblem } from '../validate.ts';

export interface MessageContext {
  clock: Clock;
  store: MessageStore;
  lifeCycle: LifeCycle;
}

const ok = (body: unknown, status = 200): HttpAnswer => ({ status, headers: {}, body });

/** The message with both of its subresources, as fetch and list show it; a create names the media alone. */
const shown = ({ resource }: StoredMessage) => ({
  ...resource,
  subresource_uris: {
    media: resource.subresource_uris.media,
    feedback: resource.subresource_uris.media.replace('/Media.json', '/Feedback.json'),
  },
});

export const notFound = (call: Call): HttpAnswer => errorAnswer(20404, { uri: `${call.path}.json` });

export function messageResources({ clock, store, lifeCycle }: MessageContext): Resource[] {
  function createMessage(call: Call): HttpAnswer {
    const { account, form, scope } = call;
    const now = clock.now(scope);
    const problem = findProblem(account, form, now);
    if (problem) return errorAnswer(problem.code, { uri: `${call.path}.json`, ...problem.values });
    const message = newMessage(account, form, scope, now);
    store.add(message);
    lifeCycle.begin(message, call.delivery);
    return ok(message.created, 201);
  }

  function listMessages({ account, query, path }: Call): HttpAnswer {
    const fits = messageFilter(query);
    const rows = store.newestFirst(account.sid).filter(fits);
    return pageOf(rows.map(shown), 'messages', `${path}.json`, query);
  }

  function changeMessage(call: Call, sid: string): HttpAnswer {
    const message = store.get(sid, call.account.sid);
    if (!message) return notFound(call);
    const { resource } = message;
    if (call.form.Status !== undefined) {
      const may = resource.status === 'scheduled' && one(call.form.Status) === 'canceled';
      if (!may) return errorAnswer(30409);
      lifeCycle.cancel(message);
    }
    // "Body may only be set to an empty string": the text is gone, the number of segments stays.
    if (call.form.Body !== undefined) {
      if (one(call.form.Body) !== '') return errorAnswer(20422);
      resource.body = '';
      resource.date_updated = twilioDate(clock.now(message.scope));
    }
    return ok(shown(message));
  }

  function deleteMessage(call: Call, sid: string): HttpAnswer {
    const message = store.get(sid, call.account.sid);
    if (!message) return notFound(call);
    if (!isFinal(message.resource.status)) return errorAnswer(20009);
    store.delete(sid);
    return { status: 204, headers: {}, body: null };
  }

  return [
    {
      pattern: /^\/Messages$/,
      name: 'messages',
      element: 'Message',
      methods: { POST: createMessage, GET: listMessages },
    },
    {
      pattern: /^\/Messages\/([^/]+)$/,
      name: 'message',
      element: 'Message',
      methods: {
        GET: (call, sid) => {
          const message = store.get(sid ?? '', call.account.sid);
          return message ? ok(shown(message)) : notFound(call);
        },
        POST: changeMessage as never,
        DELETE: deleteMessage as never,
      },
    },
  ];
}

/**
 * `DateSent` is that day in GMT, `DateSent<` on or before, `DateSent>` on or after; a date-time counts to the second,
 * as the SDK sends it.
 */
function messageFilter(query: Record<string, string | undefined>): (message: StoredMessage) => boolean {
  const number = (text: string | undefined) => (text ? digitsOf(text) || text : undefined);
  const [to, from] = [number(query.To), number(query.From)];
  const day = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text);
  const start = (text: string) => Date.parse(day(text) ? `${text}T00:00:00Z` : text);
  const end = (text: string) => start(text) + (day(text) ? 86_400_000 : 1000) - 1;
  const after = query['DateSent>'] ?? query.DateSent;
  const before = query['DateSent<'] ?? query.DateSent;
  const least = after ? start(after.slice(0, query['DateSent>'] ? undefined : 10)) : undefined;
  const most = before ? end(before.slice(0, query['DateSent<'] ? undefined : 10)) : undefined;
  return ({ resource, sentAt }) =>
    (to === undefined || number(resource.to) === to) &&
    (from === undefined || number(resource.from ?? undefined) === from) &&
    (least === undefined || (sentAt !== null && sentAt >= least)) &&
    (most === undefined || (sentAt !== null && sentAt <= most));
}
