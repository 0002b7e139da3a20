/** …/Messages: create, list, fetch, change, delete (https://www.twilio.com/docs/messaging/api/message-resource). */
import type { Clock } from '../../clock.ts';
import type { HttpAnswer } from '../../fault.ts';
import type { Call, Resource } from '../api.ts';
import { errorAnswer } from '../errors.ts';
import type { LifeCycle } from '../life-cycle.ts';
import { isCancelable, isFinal, newMessage, one, type StoredMessage, twilioDate } from '../message.ts';
import type { MessageStore } from '../message-store.ts';
import { dateFilter, pageOf } from '../paging.ts';
import { findProblem } from '../validate.ts';

export interface MessageContext {
  clock: Clock;
  store: MessageStore;
  lifeCycle: LifeCycle;
  /** Scheduled messages that may wait at the same time; Twilio's limit is far higher. */
  scheduledMax: number;
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

export const notFound = (call: Call): HttpAnswer => errorAnswer(20404, { uri: call.path + call.suffix });

export function messageResources({ clock, store, lifeCycle, scheduledMax }: MessageContext): Resource[] {
  function createMessage(call: Call): HttpAnswer {
    const { account, form, scope } = call;
    const now = clock.now(scope);
    const problem = findProblem(account, form, now);
    if (problem) return errorAnswer(problem.code, { uri: call.path + call.suffix, ...problem.values });
    if (form.SendAt && lifeCycle.scheduled >= scheduledMax) return errorAnswer(35125);
    const message = newMessage(account, form, scope, now);
    message.usageType = call.usageType;
    store.add(message);
    lifeCycle.begin(message, call.delivery);
    return ok(message.created, 201);
  }

  function listMessages({ account, query, path }: Call): HttpAnswer {
    const fits = messageFilter(query);
    const rows = store.newestFirst(account.sid).filter(fits);
    const places = store.placesIn(rows);
    return pageOf({ rows, key: 'messages', uri: `${path}.json`, query, show: shown, places });
  }

  function changeMessage(call: Call, sid: string): HttpAnswer {
    const message = store.get(sid, call.account.sid);
    if (!message) return notFound(call);
    const { resource } = message;
    const { Status, Body } = call.form;
    // Both are looked at before anything is changed.
    if (Status !== undefined && one(Status) !== 'canceled') return errorAnswer(20422);
    if (Body !== undefined && one(Body) !== '') return errorAnswer(20422);
    if (Status !== undefined) {
      if (!isCancelable(resource.status)) return errorAnswer(30409);
      lifeCycle.cancel(message);
    }
    // "Body may only be set to an empty string": the text is gone, the number of segments stays.
    if (Body !== undefined) {
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
      pattern: /^\/Accounts\/([^/]+)\/Messages$/,
      name: 'messages',
      element: 'Message',
      methods: { POST: createMessage, GET: listMessages },
    },
    {
      pattern: /^\/Accounts\/([^/]+)\/Messages\/([^/]+)$/,
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
 * `To` and `From` are taken as they are written: numbers in E.164, as the API shows them (OpenAPI, ListMessage).
 */
function messageFilter(query: Record<string, string | undefined>): (message: StoredMessage) => boolean {
  const within = dateFilter(query, 'DateSent');
  return ({ resource, sentAt }) =>
    (!query.To || resource.to === query.To) &&
    (!query.From || resource.from === query.From) &&
    within(sentAt);
}
