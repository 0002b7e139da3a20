/** /v2/Attempts: what verifications sent, and what came of it (OpenAPI `verify.v2.verification_attempt`). */
import type { StoredMessage } from '../message.ts';
import { countryOf } from '../numbers.ts';
import { verifyError } from './errors.ts';
import { metaPage } from './lists.ts';
import type { VerifyResource } from './resource.ts';
import { isoDate, VERIFY_ORIGIN } from './services.ts';
import type { Attempt, Verifications } from './verifications.ts';

/** @param message a text message by its SID */
export function attemptResources(
  verifications: Verifications,
  message: (sid: string) => StoredMessage | undefined,
): VerifyResource[] {
  const show = (attempt: Attempt) => {
    const { verification } = attempt;
    const sent = message(attempt.message)?.resource;
    return {
      sid: attempt.sid,
      account_sid: verification.account,
      service_sid: verification.service,
      verification_sid: verification.sid,
      date_created: isoDate(attempt.at),
      date_updated: isoDate(verification.updated),
      conversion_status: attempt.converted ? 'converted' : 'unconverted',
      channel: attempt.channel,
      price: null,
      channel_data: {
        verification_sid: verification.sid,
        to: verification.to,
        status: attempt.converted ? 'converted' : 'unconfirmed',
        message_status: sent?.status ?? null,
        error_code: sent?.error_code ? String(sent.error_code) : null,
        country: countryOf(verification.to),
        code_length: verification.code.length,
      },
      url: `${VERIFY_ORIGIN}/v2/Attempts/${attempt.sid}`,
    };
  };
  const time = (text: string | undefined) => (text ? Date.parse(text) : undefined);

  return [
    {
      pattern: /^\/v2\/Attempts$/,
      name: 'verify-attempts',
      methods: {
        GET({ account, query, path }) {
          const [after, before] = [time(query.DateCreatedAfter), time(query.DateCreatedBefore)];
          const is = (wanted: string | undefined, value: string) => !wanted || wanted === value;
          const rows = verifications
            .attempts(account.sid)
            .filter(({ at }) => (!after || at >= after) && (!before || at <= before))
            .map(show)
            .filter(
              (row) =>
                is(query.VerifyServiceSid, row.service_sid) &&
                is(query.VerificationSid, row.verification_sid) &&
                is(query.Channel, row.channel) &&
                is(query.Status, row.conversion_status) &&
                is(query['ChannelData.To'], row.channel_data.to),
            );
          return metaPage(rows, 'attempts', path, query);
        },
      },
    },
    {
      pattern: /^\/v2\/Attempts\/([^/]+)$/,
      name: 'verify-attempt',
      methods: {
        GET(call, sid) {
          const found = verifications.attempts(call.account.sid).find((attempt) => attempt.sid === sid);
          return found
            ? { status: 200, headers: {}, body: show(found) }
            : verifyError(20404, { uri: call.path });
        },
      },
    },
  ];
}
