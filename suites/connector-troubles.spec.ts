/** What the SMS connector makes of a carrier that refuses, fails, hangs, breaks off or points elsewhere. */

import { certified } from '../harness/check/certified-connector.ts';
import { check } from '../harness/check/check.ts';

check({
  id: 'connector/error-credentials',
  title: 'has a connector that reports refused credentials',
  clauses: ['logto connector-kit', 'twilio errors'],
  level: 'must',
  severity: 'critical',
  appMust: 'Raise a ConnectorError for each of these answers.',
  otherwise: 'Everybody is told that a code was sent, and nobody gets one.',
  fix: 'Look at the answer of the carrier; wrap what the HTTP client throws into ConnectorError general.',
})(certified);

check({
  id: 'connector/error-number',
  title: 'has a connector that reports numbers that cannot get messages',
  clauses: ['logto connector-kit', 'twilio errors'],
  level: 'must',
  severity: 'serious',
  appMust: 'Raise a ConnectorError for each of these answers.',
  otherwise: 'People wait for a code that was refused.',
  fix: 'Look at the answer of the carrier; wrap what the HTTP client throws into ConnectorError general.',
})(certified);

check({
  id: 'connector/error-recipient',
  title: 'has a connector that reports people who opted out, or whom a trial account cannot reach',
  clauses: ['logto connector-kit', 'twilio errors'],
  level: 'must',
  severity: 'serious',
  appMust: 'Raise a ConnectorError for each of these answers.',
  otherwise: 'People wait for a code that was refused.',
  fix: 'Look at the answer of the carrier; wrap what the HTTP client throws into ConnectorError general.',
})(certified);

check({
  id: 'connector/error-sender',
  title: 'has a connector that reports senders that Twilio refuses',
  clauses: ['logto connector-kit', 'twilio errors'],
  level: 'must',
  severity: 'serious',
  appMust: 'Raise a ConnectorError for each of these answers.',
  otherwise: 'Everybody waits for a code that was refused.',
  fix: 'Look at the answer of the carrier; wrap what the HTTP client throws into ConnectorError general.',
})(certified);

check({
  id: 'connector/error-service',
  title: 'has a connector that reports a Messaging Service that cannot send',
  clauses: ['logto connector-kit', 'twilio errors'],
  level: 'must',
  severity: 'serious',
  appMust: 'Raise a ConnectorError for each of these answers.',
  otherwise: 'Everybody waits for a code that was refused.',
  fix: 'Look at the answer of the carrier; wrap what the HTTP client throws into ConnectorError general.',
})(certified);

check({
  id: 'connector/error-content',
  title: 'has a connector that reports texts that Twilio refuses',
  clauses: ['logto connector-kit', 'twilio errors'],
  level: 'must',
  severity: 'serious',
  appMust: 'Raise a ConnectorError for each of these answers.',
  otherwise: 'Everybody waits for a code that was refused.',
  fix: 'Look at the answer of the carrier; wrap what the HTTP client throws into ConnectorError general.',
})(certified);

check({
  id: 'connector/error-throttled',
  title: 'has a connector that reports a carrier that has too many requests',
  clauses: ['logto connector-kit', 'twilio errors'],
  level: 'must',
  severity: 'serious',
  appMust: 'Raise a ConnectorError for each of these answers.',
  otherwise: 'In a rush people wait for codes that were never taken.',
  fix: 'Look at the answer of the carrier; wrap what the HTTP client throws into ConnectorError general.',
})(certified);

check({
  id: 'connector/error-server',
  title: 'has a connector that reports a carrier that fails',
  clauses: ['logto connector-kit', 'twilio errors'],
  level: 'must',
  severity: 'serious',
  appMust: 'Raise a ConnectorError for each of these answers.',
  otherwise: 'While the carrier is down, people are told that a code was sent.',
  fix: 'Look at the answer of the carrier; wrap what the HTTP client throws into ConnectorError general.',
})(certified);

check({
  id: 'connector/error-own-words',
  title: 'has a connector that reports a refusal in the words of its carrier',
  clauses: ['logto connector-kit'],
  level: 'must',
  severity: 'serious',
  appMust: 'Raise a ConnectorError for what this carrier answers when it refuses, also with status 200.',
  otherwise: 'People are told that a code was sent.',
  fix: 'Look at the body of the answer, too.',
})(certified);

check({
  id: 'connector/error-other',
  title: 'has a connector that reports every other error of the carrier',
  clauses: ['logto connector-kit', 'twilio errors'],
  level: 'must',
  severity: 'moderate',
  appMust: 'Raise a ConnectorError for each of these answers.',
  otherwise: 'A code that was refused is reported as sent.',
  fix: 'Look at the answer of the carrier; wrap what the HTTP client throws into ConnectorError general.',
})(certified);

check({
  id: 'connector/error-told',
  title: 'has a connector that hands on what the carrier said, and asks once',
  clauses: ['logto connector-kit'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Put the reason of the carrier into the ConnectorError, end soon, and do not ask again.',
  otherwise: 'Operators see that sending failed, and not why; or people get two messages.',
  fix: 'Hand the answer of the carrier on in the data of the error.',
})(certified);

check({
  id: 'connector/error-no-secret',
  title: 'has a connector that keeps secrets out of its errors',
  clauses: ['owasp error handling', 'logto connector-kit'],
  level: 'must',
  severity: 'critical',
  appMust: 'Raise errors whose message and data hold no secret.',
  otherwise: 'Logto answers the browser with them: everybody can read the key of your carrier.',
  fix: 'Keep the request out of the error.',
})(certified);

check({
  id: 'connector/wire-honest',
  title: 'has a connector that never takes a broken connection for success',
  clauses: ['logto connector-kit'],
  level: 'must',
  severity: 'serious',
  appMust: 'Raise an error when the connection breaks off, stays silent, or goes in circles.',
  otherwise: 'People are told that a code was sent.',
  fix: 'Throw what the HTTP client throws, as a ConnectorError.',
})(certified);

check({
  id: 'connector/wire-reset',
  title: 'has a connector that reports a connection that breaks off',
  clauses: ['logto connector-kit'],
  level: 'should',
  severity: 'minor',
  appMust: 'Raise a ConnectorError when the connection breaks off.',
  otherwise: 'Logto answers 500 "Internal server error.", and operators look for the fault in Logto.',
  fix: 'Wrap what the HTTP client throws into ConnectorError general.',
})(certified);

check({
  id: 'connector/wire-hang',
  title: 'has a connector that gives up when its carrier never answers',
  clauses: ['logto connector-kit'],
  level: 'should',
  severity: 'moderate',
  appMust: 'End within some seconds.',
  otherwise:
    'The page of the person waits as long as the carrier is silent, and so does a connection of Logto.',
  fix: 'Set a time limit on the request (got: timeout: { request: 10_000 }).',
})(certified);

check({
  id: 'connector/wire-slow',
  title: 'has a connector that waits for a slow carrier',
  clauses: ['logto connector-kit'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Wait a second for the answer.',
  otherwise: 'Messages are sent, and reported as failed.',
  fix: 'Set a longer time limit.',
})(certified);

check({
  id: 'connector/wire-redirect',
  title: 'has a connector that gives codes to no host that its carrier redirects to',
  clauses: ['rfc9110 §15.4'],
  level: 'should',
  severity: 'minor',
  appMust: 'Send neither code nor credentials to another host.',
  otherwise: 'Codes and numbers go wherever an answer points to.',
  fix: 'Do not follow redirects (got: followRedirect: false).',
})(certified);

check({
  id: 'connector/wire-redirect-loop',
  title: 'has a connector that ends a circle of redirects',
  clauses: ['logto connector-kit'],
  level: 'should',
  severity: 'minor',
  appMust: 'Raise a ConnectorError when redirects have no end.',
  otherwise: 'Logto answers 500 "Internal server error.", and operators look for the fault in Logto.',
  fix: 'Do not follow redirects.',
})(certified);

check({
  id: 'connector/console-no-secret',
  title: 'has a connector that prints no secret',
  clauses: ['owasp logging'],
  level: 'should',
  severity: 'serious',
  appMust: "Print no secrets on Logto's console.",
  otherwise: 'Whoever reads the logs of Logto can send in your name.',
  fix: 'Print no requests and no configs.',
})(certified);

check({
  id: 'connector/error-object-no-secret',
  title: 'has a connector that raises no error with a secret inside',
  clauses: ['owasp logging'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Raise errors that carry no request with its credentials.',
  otherwise: 'Whoever logs the error logs the credentials.',
  fix: 'Raise a ConnectorError without the error of the HTTP client.',
})(certified);
