/** The SMS connector's config, as the certification of the connector reads it (docs/connector.md). */

import { certified } from '../harness/check/certified-connector.ts';
import { check } from '../harness/check/check.ts';

check({
  id: 'connector/account-sid',
  title: 'has an Account SID in the connector config',
  clauses: ['logto twilio', 'twilio errors'],
  level: 'must',
  severity: 'critical',
  appMust: 'Hold the Account SID of Twilio, AC and 32 hex digits, in accountSID.',
  otherwise: 'Twilio answers every message with 20404, and nobody gets a code.',
  fix: 'Copy the Account SID from the start page of the Twilio console.',
})(certified);

check({
  id: 'connector/auth-token',
  title: 'has an Auth Token in the connector config',
  clauses: ['logto twilio', 'twilio errors'],
  level: 'must',
  severity: 'critical',
  appMust: 'Hold the Auth Token of the account in authToken.',
  otherwise: 'Twilio answers every message with 20003, and nobody gets a code.',
  fix: 'Copy the Auth Token from the start page of the Twilio console.',
})(certified);

check({
  id: 'connector/auth-token-shape',
  title: 'has an Auth Token of the shape that Twilio gives',
  clauses: ['logto twilio'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Hold 32 hex digits in authToken.',
  otherwise: 'It is perhaps the secret of an API key, which does not belong to accountSID.',
  fix: 'Take the Auth Token of the account, not the secret of an API key.',
})(certified);

check({
  id: 'connector/messaging-service',
  title: 'has the SID of a Messaging Service in the connector config',
  clauses: ['logto twilio', 'twilio errors'],
  level: 'must',
  severity: 'critical',
  appMust: 'Hold the SID of a Messaging Service, MG and 32 hex digits, in fromMessagingServiceSID.',
  otherwise: 'Twilio answers every message with 21705 or 21701, and nobody gets a code.',
  fix: 'Copy the SID from Messaging, Services in the Twilio console; a phone number or another SID does not work.',
})(certified);

check({
  id: 'connector/fields-in-place',
  title: 'has each credential in its own field of the connector config',
  clauses: ['logto twilio'],
  level: 'must',
  severity: 'critical',
  appMust: 'Hold accountSID, authToken and fromMessagingServiceSID each in its own field.',
  otherwise: 'Twilio refuses every message, and a secret stands in a field that Logto shows.',
  fix: 'Swap the fields back; `authjs-conformance connector FILE --fix` does it.',
})(certified);

check({
  id: 'connector/values-filled-in',
  title: 'has no stand-ins in the connector config',
  clauses: ['logto connector-kit'],
  level: 'must',
  severity: 'critical',
  appMust:
    'Hold real values without space around them: no "<your-token>", no environment variable, nothing empty.',
  otherwise: 'The carrier refuses every message.',
  fix: 'Fill in the values; Logto replaces no environment variables.',
})(certified);

check({
  id: 'connector/keys-once',
  title: 'has each key once in the connector config',
  clauses: ['rfc8259 §4'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Name each key once.',
  otherwise: 'Only the last one counts, and the other is what people see and edit.',
  fix: 'Remove the one that is wrong.',
})(certified);

check({
  id: 'connector/keys-spelt',
  title: 'has no misspelt key in the connector config',
  clauses: ['logto connector-kit'],
  level: 'must',
  severity: 'serious',
  appMust: 'Spell each key as the guard of the connector does.',
  otherwise: 'The value never reaches the connector.',
  fix: 'Take the key that the finding names.',
})(certified);

check({
  id: 'connector/keys-known',
  title: 'has only keys that the connector knows',
  clauses: ['logto connector-kit'],
  level: 'should',
  severity: 'minor',
  appMust: 'Hold no keys but those that the guard of the connector names.',
  otherwise: 'Logto drops them without a word: whoever set them believes in them.',
  fix: 'Remove them, or correct their spelling.',
})(certified);

check({
  id: 'connector/usage-types',
  title: 'has only usage types that Logto sends',
  clauses: ['logto sms templates'],
  level: 'must',
  severity: 'serious',
  appMust: 'Spell each usage type as Logto does.',
  otherwise: 'The text is never sent; people get the Generic one, or none.',
  fix: 'Take Register, SignIn, ForgotPassword, Generic, OrganizationInvitation, UserPermissionValidation, BindNewIdentifier, MfaVerification or BindMfa.',
})(certified);

check({
  id: 'connector/usage-types-used',
  title: 'has no template that is never sent',
  clauses: ['logto sms templates'],
  level: 'should',
  severity: 'minor',
  appMust: 'Hold one template for each usage type, in no language, and none for others.',
  otherwise: 'Somebody edits a text, and people still get another.',
  fix: 'Remove the templates that are never sent.',
})(certified);

check({
  id: 'connector/locale',
  title: 'has no template in a language of its own',
  clauses: ['logto sms templates'],
  level: 'must',
  severity: 'moderate',
  appMust: 'Hold one text for each usage type; SMS connectors choose none by language.',
  otherwise: 'The text is never sent, and the language that it was made for gets another.',
  fix: 'Keep one text, in a language, or two in one text, that everybody reads.',
})(certified);

check({
  id: 'connector/placeholder',
  title: 'has the placeholder {{code}} exactly as Logto replaces it',
  clauses: ['logto sms templates'],
  level: 'must',
  severity: 'critical',
  appMust: 'Write {{code}} in each text.',
  otherwise: 'People get a message without their code.',
  fix: 'Write {{code}}: two braces, small letters.',
})(certified);

check({
  id: 'connector/placeholder-once',
  title: 'has {{code}} once in each text',
  clauses: ['logto sms templates'],
  level: 'should',
  severity: 'minor',
  appMust: 'Write {{code}} once.',
  otherwise: 'Phones that fill in codes may take neither, and people wonder.',
  fix: 'Remove the second one.',
})(certified);

check({
  id: 'connector/code-stands-alone',
  title: 'has no digit beside {{code}}',
  clauses: ['logto sms templates'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Keep digits away from {{code}}.',
  otherwise: 'People and phones take them for a part of the code.',
  fix: 'Put a space or a word between.',
})(certified);

check({
  id: 'connector/variables',
  title: 'has no variables in its texts that are never replaced',
  clauses: ['logto sms templates'],
  level: 'must',
  severity: 'serious',
  appMust: 'Use the variables only that Logto gives to text messages.',
  otherwise: 'People read {{application.name}} on their phone.',
  fix: 'Write the name itself.',
})(certified);

check({
  id: 'connector/variables-always-set',
  title: 'has no variables in its texts that are set at times only',
  clauses: ['logto sms templates'],
  level: 'should',
  severity: 'minor',
  appMust: 'Use no variables that the Management API and the connector test do not set.',
  otherwise: 'Some people read {{locale}} on their phone.',
  fix: 'Write the text without them.',
})(certified);

check({
  id: 'connector/length',
  title: 'has texts that Twilio takes',
  clauses: ['twilio messages', 'twilio errors'],
  level: 'must',
  severity: 'serious',
  appMust: 'Keep each text between 1 and 1600 characters.',
  otherwise: 'Twilio refuses the message with 21602 or 21617.',
  fix: 'Shorten the text.',
})(certified);

check({
  id: 'connector/segments',
  title: 'has texts that are sent as one message each',
  clauses: ['twilio segments'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Keep each text within one segment at six digits: 160 characters of GSM-7, or 70 of UCS-2.',
  otherwise: 'Each code is paid twice, and may arrive in pieces.',
  fix: 'Shorten the text.',
})(certified);

check({
  id: 'connector/encoding',
  title: 'has no characters in its texts that make them dearer',
  clauses: ['twilio segments'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Keep to GSM-7 where one other character turns one segment into several.',
  otherwise: 'A curly quote doubles the bill.',
  fix: 'Write the plain character; `--fix` does it where that is safe.',
})(certified);

check({
  id: 'connector/link-free',
  title: 'has no links in its texts',
  clauses: ['twilio errors'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Send codes without links.',
  otherwise: 'Carriers filter them (30007), and people learn to follow links in messages.',
  fix: 'Remove the link.',
})(certified);

check({
  id: 'connector/link-shortener',
  title: 'has no links of public shorteners in its texts',
  clauses: ['twilio errors'],
  level: 'should',
  severity: 'serious',
  appMust: 'Send no link of a shortener that everybody may use.',
  otherwise: 'Carriers refuse the message (30007).',
  fix: 'Remove the link.',
})(certified);

check({
  id: 'connector/carrier-words',
  title: 'has no words in its texts that carriers filter',
  clauses: ['twilio errors'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Keep words of lotteries, loans and threats out of the texts.',
  otherwise: 'Carriers filter the message (30007), without a word to anybody.',
  fix: 'Write what it is: a code, and for how long.',
})(certified);

check({
  id: 'connector/plain-text',
  title: 'has plain texts, without markup',
  clauses: ['logto sms templates'],
  level: 'should',
  severity: 'minor',
  appMust: 'Write plain text.',
  otherwise: 'People read tags on their phone.',
  fix: 'Remove the markup.',
})(certified);

check({
  id: 'connector/expiry',
  title: 'has texts that name the true lifetime of a code',
  clauses: ['logto phone'],
  level: 'may',
  severity: 'minor',
  appMust: 'Name ten minutes, or what the tenant is set to, if a text names a time at all.',
  otherwise: 'People believe that a code is gone, or still good.',
  fix: 'Write 10 minutes, or no time.',
})(certified);

check({
  id: 'connector/texts-tidy',
  title: 'has tidy texts',
  clauses: ['logto sms templates'],
  level: 'may',
  severity: 'minor',
  appMust: 'Write {{code}} without spaces, no space around a text, and characters of GSM-7.',
  otherwise: 'Room is lost, and other versions of connector-kit need not forgive it.',
  fix: '`authjs-conformance connector FILE --fix` corrects most of it.',
})(certified);

check({
  id: 'connector/risk-check',
  title: 'has the check against SMS pumping on',
  clauses: ['twilio messages', 'twilio errors'],
  level: 'may',
  severity: 'moderate',
  appMust: 'Leave disableRiskCheck out, unless Twilio blocks people whom you know.',
  otherwise: 'Fraudsters let your account send to numbers that they are paid for.',
  fix: 'Remove disableRiskCheck.',
})(certified);
