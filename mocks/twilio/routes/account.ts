/** /2010-04-01/Accounts/{Sid} (OpenAPI `api.v2010.account`). */
import type { Resource } from '../api.ts';
import { twilioDate } from '../message.ts';

/** @param started milliseconds since the epoch; accounts have no other birthday here */
export const accountResource = (started: number): Resource => ({
  pattern: /^$/,
  name: 'account',
  element: 'Account',
  methods: {
    GET: ({ account }) => {
      const uri = `/2010-04-01/Accounts/${account.sid}`;
      return {
        status: 200,
        headers: {},
        body: {
          auth_token: account.authToken,
          date_created: twilioDate(started),
          date_updated: twilioDate(started),
          friendly_name: 'Conformance account',
          owner_account_sid: account.sid,
          sid: account.sid,
          status: 'active',
          // Only what the mock has: a client that follows a link must not end at 404.
          subresource_uris: { messages: `${uri}/Messages.json` },
          type: 'Full',
          uri: `${uri}.json`,
        },
      };
    },
  },
});
