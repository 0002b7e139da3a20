/** Remedies of logs, one-time codes and connectors. */
import type { Remedy } from './remedy.ts';

export const messages: readonly Remedy[] = [
  {
    key: 'logger',
    cause: 'secrets or personal data stand in the log',
    option: 'debug',
    fix: 'Switch debug off in production, and log no callback URLs, accounts, tokens, headers or settings; name people by their id.',
    before: 'debug: true,\nevents: { signIn: (message) => console.log(message) },',
    after: "debug: false,\nevents: { signIn: ({ user }) => console.log('signed in', user.id) },",
    checks: ['logs/*'],
  },
  {
    key: 'connector/templates',
    cause: 'the templates of the connector do not give every message its code',
    fix: 'Give the connector a template with {{code}} for Register, SignIn, ForgotPassword and Generic.',
    before: '{ "usageType": "SignIn", "content": "Your code: {{otp}}" }',
    after: '{ "usageType": "SignIn", "content": "Your code is {{code}}." }',
    checks: [
      'connector/placeholder*',
      'connector/usage-types*',
      'connector/sends-*',
      'connector/covers-later-types',
      'connector/length',
      'connector/segments',
      'phone-otp/template-*',
      'phone-otp/generic',
      'phone-otp/message',
      'phone-otp/register',
      'phone-otp/sign-in',
      'phone-otp/forgot-password',
    ],
  },
  {
    key: 'connector/sending',
    cause: 'the connector does not send its messages',
    fix: 'Look at what the connector sends and what Twilio answers: `authjs-conformance connector` shows both; account, token, sender and numbers must be those of the config.',
    checks: ['connector/sends-*', 'connector/request', 'connector/arrives', 'connector/number', 'connector/credentials', 'connector/service-named', 'connector/error-*', 'connector/wire-*', 'connector/account-sid', 'connector/messaging-service', 'connector/fields-in-place', 'connector/risk-check-asked', 'phone-otp/*', 'logs/*'],
  },
  {
    key: 'connector/errors',
    cause: 'the connector hides what Twilio refuses',
    fix: 'Look at the answer of the carrier; wrap what the HTTP client throws into ConnectorError general, without the request.',
    before: 'await got.post(url, options).catch(() => undefined);',
    after: 'throw new ConnectorError(ConnectorErrorCodes.General, response.body);',
    checks: ['connector/error-*', 'connector/wire-*', 'connector/console-no-secret', 'connector/code-only', 'connector/arrives', 'connector/service-named'],
  },
  {
    key: 'own-codes',
    cause: 'one-time codes of your own are made, kept or checked in the wrong way',
    fix: 'Make codes of six random digits, keep their hash with number, time and count of tries, take each once, within ten minutes, for its own number, and count what is sent to each number; or let Twilio Verify do it.',
    before: "if (req.body.code === codes[phone]) signIn(phone);",
    after: 'if (await takeOnce(phone, req.body.code)) signIn(phone); // hash, lifetime, tries, once',
    checks: ['phone-otp/own-*', 'logs/one-time-code', 'laws/one-time-codes-kept'],
  },
];
