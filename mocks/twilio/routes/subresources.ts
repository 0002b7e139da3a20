/** …/Messages/{Sid}/Media and …/Feedback. */
import type { Clock } from '../../clock.ts';
import type { HttpAnswer } from '../../fault.ts';
import type { Call, Handler, Resource } from '../api.ts';
import { errorAnswer } from '../errors.ts';
import { one, type StoredMessage, twilioDate } from '../message.ts';
import type { MessageStore } from '../message-store.ts';
import { dateFilter, pageOf } from '../paging.ts';
import { notFound } from './messages.ts';

export function subresources({ clock, store }: { clock: Clock; store: MessageStore }): Resource[] {
  const withMessage =
    (use: (call: Call, message: StoredMessage, ...ids: string[]) => HttpAnswer): Handler =>
    (call, sid, ...ids) => {
      const message = store.get(sid ?? '', call.account.sid);
      return message ? use(call, message, ...ids) : notFound(call);
    };
  const withMedia = (use: (call: Call, message: StoredMessage, index: number) => HttpAnswer): Handler =>
    withMessage((call, message, sid) => {
      const index = message.media.findIndex(({ row }) => row.sid === sid);
      return index < 0 ? notFound(call) : use(call, message, index);
    });

  return [
    {
      pattern: /^\/Accounts\/([^/]+)\/Messages\/([^/]+)\/Media$/,
      name: 'media-list',
      element: 'Media',
      methods: {
        GET: withMessage((call, { media }) => {
          const within = dateFilter(call.query, 'DateCreated');
          const rows = media.map(({ row }) => row).filter((row) => within(Date.parse(row.date_created)));
          return pageOf({ rows, key: 'media_list', uri: `${call.path}.json`, query: call.query });
        }),
      },
    },
    {
      pattern: /^\/Accounts\/([^/]+)\/Messages\/([^/]+)\/Media\/([^/]+)$/,
      name: 'media',
      element: 'Media',
      methods: {
        GET: withMedia(({ suffix }, { media }, index): HttpAnswer => {
          const { row, url = '' } = media[index] ?? {};
          // Without a suffix it is the file itself, which lies where the sender said.
          return suffix
            ? { status: 200, headers: {}, body: row }
            : { status: 307, headers: { location: new URL(url).href }, body: null };
        }),
        DELETE: withMedia((_call, message, index) => {
          message.media.splice(index, 1);
          return { status: 204, headers: {}, body: null };
        }),
      },
    },
    {
      pattern: /^\/Accounts\/([^/]+)\/Messages\/([^/]+)\/Feedback$/,
      name: 'feedback',
      element: 'Feedback',
      methods: {
        POST: withMessage((call, message) => {
          const outcome = one(call.form.Outcome) || 'confirmed';
          if (outcome !== 'confirmed' && outcome !== 'unconfirmed') return errorAnswer(20422);
          const date = twilioDate(clock.now(message.scope));
          const { sid, account_sid, subresource_uris } = message.resource;
          const uri = subresource_uris.media.replace('/Media.json', '/Feedback.json');
          const body = {
            account_sid,
            date_created: date,
            date_updated: date,
            message_sid: sid,
            outcome,
            uri,
          };
          return { status: 200, headers: {}, body };
        }),
      },
    },
  ];
}
