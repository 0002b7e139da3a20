/** https://messaging.twilio.com/v1/Services: what an SDK reads of the Messaging Services (OpenAPI `messaging.v1.service`). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { HttpAnswer } from '../../fault.ts';
import { credentialsOf, opens, type TwilioAccount } from '../accounts.ts';
import { refuseCredentials } from '../api.ts';
import { errorAnswer } from '../errors.ts';
import type { SendAnswer } from '../exchange.ts';
import { countryOf } from '../numbers.ts';

const ORIGIN = 'https://messaging.twilio.com';

export function mountMessagingServices(
  app: FastifyInstance,
  options: { accounts(): readonly TwilioAccount[]; send: SendAnswer; started: number },
): void {
  const { accounts, send } = options;
  const date = `${new Date(options.started).toISOString().slice(0, 19)}Z`;

  const show = (account: TwilioAccount, sid: string) => {
    const url = `${ORIGIN}/v1/Services/${sid}`;
    return {
      sid,
      account_sid: account.sid,
      friendly_name: 'Conformance service',
      date_created: date,
      date_updated: date,
      inbound_request_url: null,
      inbound_method: 'POST',
      fallback_url: null,
      fallback_method: 'POST',
      status_callback: account.statusCallback ?? null,
      sticky_sender: true,
      mms_converter: true,
      smart_encoding: false,
      fallback_to_long_code: true,
      area_code_geomatch: true,
      validity_period: 36_000,
      synchronous_validation: false,
      scan_message_content: 'inherit',
      usecase: 'verification',
      us_app_to_person_registered: false,
      use_inbound_webhook_on_number: false,
      url,
      links: {
        phone_numbers: `${url}/PhoneNumbers`,
        short_codes: `${url}/ShortCodes`,
        alpha_senders: `${url}/AlphaSenders`,
      },
    };
  };
  /** Senders of a service by kind: which of the account's numbers they are, and how each is shown. */
  const kinds = [
    {
      path: 'PhoneNumbers',
      key: 'phone_numbers',
      prefix: 'PN',
      fits: (sender: string) => sender.startsWith('+'),
      own: (sender: string) => ({
        phone_number: sender,
        country_code: countryOf(sender) ?? 'US',
        capabilities: ['SMS', 'MMS'],
      }),
    },
    {
      path: 'ShortCodes',
      key: 'short_codes',
      prefix: 'SC',
      fits: (sender: string) => /^\d{5,6}$/.test(sender),
      own: (sender: string) => ({ short_code: sender, country_code: 'US', capabilities: ['SMS'] }),
    },
    {
      path: 'AlphaSenders',
      key: 'alpha_senders',
      prefix: 'AI',
      fits: (sender: string) => /[A-Za-z]/.test(sender),
      own: (sender: string) => ({ alpha_sender: sender, capabilities: ['SMS'] }),
    },
  ];
  const senders = (account: TwilioAccount, service: string, kind: (typeof kinds)[number]) =>
    account.numbers.filter(kind.fits).map((sender) => {
      const sid = `${kind.prefix}${Buffer.from(sender).toString('hex').padEnd(32, '0').slice(0, 32)}`;
      return {
        sid,
        account_sid: account.sid,
        service_sid: service,
        date_created: date,
        date_updated: date,
        ...kind.own(sender),
        url: `${ORIGIN}/v1/Services/${service}/${kind.path}/${sid}`,
      };
    });
  const envelope = (key: string, path: string, rows: unknown[]): HttpAnswer => ({
    status: 200,
    headers: {},
    body: {
      meta: {
        page: 0,
        page_size: 50,
        first_page_url: `${ORIGIN}${path}?PageSize=50&Page=0`,
        previous_page_url: null,
        url: `${ORIGIN}${path}?PageSize=50&Page=0`,
        next_page_url: null,
        key,
      },
      [key]: rows,
    },
  });

  /** These paths name no account: the credentials say whose services are meant. */
  const answer = (request: FastifyRequest, use: (account: TwilioAccount) => HttpAnswer): HttpAnswer => {
    const credentials = credentialsOf(request.headers.authorization);
    const account = credentials && accounts().find((row) => opens(credentials, row));
    return account ? use(account) : refuseCredentials(request, accounts());
  };
  const missing = (request: FastifyRequest) => errorAnswer(20404, { uri: request.url.split('?')[0] ?? '' });
  const frame = { scope: undefined, resource: 'messaging-services', origin: ORIGIN };

  // A known path with another method.
  for (const path of [
    '/v1/Services',
    '/v1/Services/:sid',
    ...kinds.map((kind) => `/v1/Services/:sid/${kind.path}`),
  ])
    app.route({
      method: ['POST', 'PUT', 'PATCH', 'DELETE'],
      url: path,
      handler: (request, reply) =>
        send(
          request,
          reply,
          answer(request, () => errorAnswer(20004)),
          frame,
        ),
    });
  app.get('/v1/Services', (request, reply) =>
    send(
      request,
      reply,
      answer(request, (account) =>
        envelope(
          'services',
          '/v1/Services',
          account.messagingServices.map((sid) => show(account, sid)),
        ),
      ),
      frame,
    ),
  );
  app.get<{ Params: { sid: string } }>('/v1/Services/:sid', (request, reply) => {
    const { sid } = request.params;
    const found = answer(request, (account) =>
      account.messagingServices.includes(sid)
        ? { status: 200, headers: {}, body: show(account, sid) }
        : missing(request),
    );
    return send(request, reply, found, frame);
  });
  for (const kind of kinds)
    app.get<{ Params: { sid: string } }>(`/v1/Services/:sid/${kind.path}`, (request, reply) => {
      const { sid } = request.params;
      const found = answer(request, (account) =>
        account.messagingServices.includes(sid)
          ? envelope(kind.key, `/v1/Services/${sid}/${kind.path}`, senders(account, sid, kind))
          : missing(request),
      );
      return send(request, reply, found, frame);
    });
}
