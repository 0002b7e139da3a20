/** /2010-04-01/Accounts and /Accounts/{Sid} (OpenAPI `api.v2010.account`). */
import type { TwilioAccount } from '../accounts.ts';
import type { Resource } from '../api.ts';
import { twilioDate } from '../message.ts';
import { pageOf } from '../paging.ts';

/**
 * @param accounts all accounts of the mock
 * @param started milliseconds since the epoch; accounts have no other birthday here
 */
export function accountResources(accounts: () => readonly TwilioAccount[], started: number): Resource[] {
  const show = (account: TwilioAccount) => {
    const uri = `/2010-04-01/Accounts/${account.sid}`;
    return {
      auth_token: account.authToken,
      date_created: twilioDate(started),
      date_updated: twilioDate(started),
      friendly_name: account.friendlyName,
      owner_account_sid: account.ownerSid ?? account.sid,
      sid: account.sid,
      status: 'active',
      // Only what the mock has: a client that follows a link must not end at 404.
      subresource_uris: { messages: `${uri}/Messages.json` },
      type: 'Full',
      uri: `${uri}.json`,
    };
  };
  return [
    {
      pattern: /^\/Accounts$/,
      name: 'accounts',
      element: 'Account',
      methods: {
        // "Accounts belonging to the account used to make the request": itself and its subaccounts.
        GET: ({ account, query, path }) => {
          const rows = accounts()
            .filter(({ sid, ownerSid }) => sid === account.sid || ownerSid === account.sid)
            .map(show)
            .filter((row) => !query.FriendlyName || row.friendly_name === query.FriendlyName)
            .filter((row) => !query.Status || row.status === query.Status);
          return pageOf({ rows, key: 'accounts', uri: `${path}.json`, query });
        },
      },
    },
    {
      pattern: /^\/Accounts\/([^/]+)$/,
      name: 'account',
      element: 'Account',
      methods: { GET: ({ account }) => ({ status: 200, headers: {}, body: show(account) }) },
    },
  ];
}
