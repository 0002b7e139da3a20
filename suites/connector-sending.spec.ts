/** What the SMS connector does when it is made to send: the certification lets the real one send to mocks. */

import { certified } from '../harness/check/certified-connector.ts';
import { check } from '../harness/check/check.ts';

check({
  id: 'connector/sends-register',
  title: 'has a connector that sends Register messages',
  clauses: ['logto sms templates', 'logto connector-kit'],
  level: 'must',
  severity: 'critical',
  appMust:
    'Ask the carrier once to send the Register text, with the number and the code of the person in it.',
  otherwise: 'Nobody new gets a code.',
  fix: 'Correct the Register template, or what the connector makes of it.',
})(certified);

check({
  id: 'connector/sends-sign-in',
  title: 'has a connector that sends SignIn messages',
  clauses: ['logto sms templates', 'logto connector-kit'],
  level: 'must',
  severity: 'critical',
  appMust: 'Ask the carrier once to send the SignIn text, with the number and the code of the person in it.',
  otherwise: 'Nobody gets a code to sign in with.',
  fix: 'Correct the SignIn template, or what the connector makes of it.',
})(certified);

check({
  id: 'connector/sends-forgot-password',
  title: 'has a connector that sends ForgotPassword messages',
  clauses: ['logto sms templates', 'logto connector-kit'],
  level: 'must',
  severity: 'critical',
  appMust:
    'Ask the carrier once to send the ForgotPassword text, with the number and the code of the person in it.',
  otherwise: 'Whoever forgot the password never gets a new one.',
  fix: 'Correct the ForgotPassword template, or what the connector makes of it.',
})(certified);

check({
  id: 'connector/sends-generic',
  title: 'has a connector that sends Generic messages',
  clauses: ['logto sms templates', 'logto connector-kit'],
  level: 'must',
  severity: 'critical',
  appMust: 'Ask the carrier once to send the Generic text, with the number and the code of the person in it.',
  otherwise: 'Uses without a text of their own send nothing, the connector test included.',
  fix: 'Correct the Generic template, or what the connector makes of it.',
})(certified);

check({
  id: 'connector/sends-later-types',
  title: 'has a connector that sends what Logto asked for later',
  clauses: ['logto sms templates', 'logto connector-kit'],
  level: 'must',
  severity: 'serious',
  appMust:
    'Send OrganizationInvitation, UserPermissionValidation, BindNewIdentifier, MfaVerification and BindMfa once, or refuse with template_not_found.',
  otherwise: 'Invitations and second factors are reported as sent, and are not.',
  fix: 'Send the Generic text for types without one of their own (connector-kit: getConfigTemplateByType).',
})(certified);

check({
  id: 'connector/covers-later-types',
  title: 'has a text for each type that Logto sends',
  clauses: ['logto sms templates'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Have a text for every type, or a connector that takes the Generic one.',
  otherwise: 'Logto answers those uses with an error.',
  fix: 'Add templates for the types that the message names.',
})(certified);

check({
  id: 'connector/arrives',
  title: 'has a connector whose messages reach the phone',
  clauses: ['twilio messages'],
  level: 'must',
  severity: 'critical',
  appMust: 'Hand texts to Twilio that arrive as they were sent.',
  otherwise: 'A message is reported as sent, and Twilio never took it.',
  fix: 'Look at the answer of Twilio in the connector.',
})(certified);

check({
  id: 'connector/sends-abroad',
  title: 'has a connector that sends to every country',
  clauses: ['logto phone', 'twilio alphanumeric'],
  level: 'should',
  severity: 'serious',
  appMust: 'Send to every number that Logto lets people sign in with.',
  otherwise: 'People abroad wait for a code that is never sent.',
  fix: 'Turn sending abroad on in the config, take a sender that all countries know, or keep foreign numbers out of Logto.',
})(certified);

check({
  id: 'connector/code-only',
  title: 'has a connector that hands over no more values than the text has places',
  clauses: ['logto connector-kit'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Hand over the code, whatever else Logto gives.',
  otherwise: 'The carrier refuses the message of everybody whose app asks for a language.',
  fix: 'Send no ui_locales from the app, or take the code only in the connector.',
})(certified);

check({
  id: 'connector/secret-in-address',
  title: 'has a connector that keeps secrets out of addresses',
  clauses: ['owasp logging'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Send secrets in a header or in the body.',
  otherwise: 'Proxies and servers write the secret into their logs.',
  fix: 'Send the secret in a header.',
})(certified);

check({
  id: 'connector/tls',
  title: 'has a connector that asks its carrier over TLS',
  clauses: ['asvs 12.3.1', 'owasp tls'],
  level: 'must',
  severity: 'critical',
  appMust: 'Ask the carrier over https.',
  otherwise: 'Whoever listens reads codes and credentials.',
  fix: 'Write https in the endpoint.',
})(certified);

check({
  id: 'connector/request',
  title: 'has a connector that asks Twilio as Twilio documents it',
  clauses: ['twilio messages', 'logto twilio'],
  level: 'must',
  severity: 'critical',
  appMust: "POST a form with To, MessagingServiceSid, Body and RiskCheck to the account's Messages.json.",
  otherwise: 'Twilio refuses the message, or does something else.',
  fix: 'Use a version of the connector that does so; 1.4.4 does.',
})(certified);

check({
  id: 'connector/credentials',
  title: 'has a connector that shows the credentials of its config',
  clauses: ['twilio messages', 'logto connector-kit'],
  level: 'must',
  severity: 'critical',
  appMust: 'Show the carrier the credentials of the config with each request.',
  otherwise: 'The carrier refuses every message.',
  fix: 'Send the credentials with each request.',
})(certified);

check({
  id: 'connector/number',
  title: 'has a connector that writes numbers in E.164',
  clauses: ['twilio messages', 'twilio errors'],
  level: 'must',
  severity: 'critical',
  appMust: 'Put + in front of the digits that Logto hands over.',
  otherwise: 'Twilio refuses foreign numbers with 21211.',
  fix: 'Use 1.4.4 or newer; older ones send the bare digits.',
})(certified);

check({
  id: 'connector/service-named',
  title: 'has a connector that names its Messaging Service',
  clauses: ['twilio messages', 'logto twilio'],
  level: 'must',
  severity: 'serious',
  appMust: 'Send fromMessagingServiceSID as MessagingServiceSid.',
  otherwise: 'Messages leave from another sender, or not at all.',
  fix: 'Send the value of the config.',
})(certified);

check({
  id: 'connector/risk-check-asked',
  title: 'has a connector that asks for the check against SMS pumping as it is told',
  clauses: ['twilio messages', 'logto twilio'],
  level: 'must',
  severity: 'moderate',
  appMust: 'Send RiskCheck=enable, unless disableRiskCheck is true.',
  otherwise: 'The protection is off, and nobody knows.',
  fix: 'Use a version of the connector that does so; 1.4.4 does.',
})(certified);
