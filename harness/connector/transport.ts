/** How the requests of a connector travel: over TLS, and with the credentials of the config. */
import { addressOf, holdsSecret, type Sent, wholeOf } from './attempt.ts';
import type { DynamicResult } from './report.ts';

/** Whether every request goes over TLS. */
export function judgeScheme(requests: readonly Sent[]): DynamicResult[] {
  const plain = requests.find(({ url }) => new URL(url).protocol === 'http:' && !isLoopback(url));
  if (requests.length === 0) return [];
  return [
    {
      id: 'request/tls',
      title: 'asks the carrier over TLS',
      verdict: plain ? 'fail' : 'pass',
      message: plain
        ? `It sends codes and credentials in the clear: ${addressOf(plain)}.`
        : `Every request went to ${[...new Set(requests.map(({ url }) => new URL(url).origin))].join(', ')}.`,
      ...(plain && { expected: 'https', fix: 'Write https in the endpoint.' }),
      durationMs: 0,
    },
  ];
}

const isLoopback = (url: string) => /^(?:localhost|127\.|\[::1\])/.test(new URL(url).hostname);

/** Whether the requests show the credentials of the config, as far as that can be told for any carrier. */
export function judgeCredentials(requests: readonly Sent[], secrets: readonly string[]): DynamicResult[] {
  if (requests.length === 0 || secrets.length === 0) return [];
  const shown = requests.every(
    (request) =>
      holdsSecret(wholeOf(request), secrets) ||
      'authorization' in request.headers ||
      request.fields.some(({ path }) => /signature|sign$/i.test(path)),
  );
  return [
    {
      id: 'request/authentication',
      title: 'shows the carrier the credentials of the config',
      verdict: shown ? 'pass' : 'fail',
      message: shown
        ? 'Each request carries the secret, or a signature made with it.'
        : 'A request carries neither the secret of the config nor a signature.',
      ...(!shown && { expected: 'a secret or a signature', fix: 'Send the credentials with each request.' }),
      durationMs: 0,
    },
  ];
}
