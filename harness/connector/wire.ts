/** What the connector makes of a carrier that hangs, breaks off or points elsewhere. */
import { anyAnswers, type CarrierAnswers } from '../../mocks/carrier/answers.ts';
import { startCarrier } from '../../mocks/carrier/server.ts';
import type { HttpAnswer } from '../../mocks/fault.ts';
import { type Attempt, attempt, holdsSecret, nameOf, secondsOf, wholeOf } from './attempt.ts';
import { judgeRefusal, message, NOTHING_ASKED, type RefusalOptions } from './refusals.ts';
import type { DynamicResult } from './report.ts';

const ELSEWHERE = 'https://elsewhere.example';
const ASIDE = '/sms-elsewhere';

/** What goes wrong on the way: pages instead of answers, silence, broken connections, slowness, redirects. */
export async function judgeWire(options: RefusalOptions): Promise<DynamicResult[]> {
  const { answers, secrets, limitMs, to } = options;
  const on = async (
    answer: (position: number, url: string) => HttpAnswer,
    judge: (tried: Attempt) => DynamicResult,
    silent = false,
  ): Promise<DynamicResult> => {
    const carrier = await startCarrier();
    try {
      carrier.answerWith(({ url }, position) => answer(position, url));
      return judge(await attempt(options, carrier.origin, message(to), { silent }));
    } finally {
      await carrier.close();
    }
  };
  const refusal = (id: string, title: string, lenient: boolean) => (tried: Attempt) =>
    judgeRefusal(tried, { id, title, secrets, lenient });
  const page = { headers: { 'content-type': 'text/html' }, body: '<html><h1>502 Bad Gateway</h1></html>' };
  return Promise.all([
    on(() => ({ status: 502, ...page }), refusal('wire/page-502', 'reports a page of a proxy (502)', false)),
    on(
      () => ({ ...answers.success, wire: 'reset' }),
      refusal('wire/reset', 'reports a connection that breaks off', true),
    ),
    on(
      () => ({ ...answers.success, wire: 'hang' }),
      refusal('wire/hang', 'gives up when the carrier never answers', true),
      true,
    ),
    on(
      () => ({ ...answers.success, wire: 'slow', slowMs: Math.min(600, limitMs / 2) }),
      (tried) => judgeSlow(tried, answers),
    ),
    on(
      // By address: a message that is sent again, because we were late, is redirected again.
      (_position, url) =>
        url.endsWith(ASIDE)
          ? answers.success
          : { status: 307, headers: { location: ELSEWHERE + ASIDE }, body: null },
      (tried) => judgeRedirect(tried, secrets),
    ),
    on(
      (position) => ({ status: 302, headers: { location: `/again-${position}` }, body: null }),
      (tried) => ({
        ...judgeRefusal(
          { ...tried, requests: tried.requests.slice(0, 1) },
          { id: 'wire/redirect-loop', title: 'ends a circle of redirects', secrets, lenient: true },
        ),
      }),
    ),
  ]);
}

function judgeSlow(tried: Attempt, answers: CarrierAnswers): DynamicResult {
  const base = { id: 'wire/slow', title: 'waits for a slow carrier', durationMs: tried.durationMs };
  if (tried.requests.length === 0) return { ...base, verdict: 'not judged', message: NOTHING_ASKED };
  if (tried.ended === 'sent')
    return { ...base, verdict: 'pass', message: 'It waited, and reported the message as sent.' };
  return {
    ...base,
    verdict: answers === anyAnswers && tried.ended === 'refused' ? 'not judged' : 'warn',
    message:
      tried.ended === 'hung'
        ? 'It had not ended long after the answer.'
        : `It ended with ${nameOf(tried.error)}.`,
    expected: 'the patience of a second',
    fix: 'Set a longer time limit.',
  };
}

/**
 * A redirect to another host should carry neither credentials nor code there: a "should" of RFC 9110 §15.4, and only
 * the carrier itself could redirect, so that it is a warning.
 */
function judgeRedirect(tried: Attempt, secrets: readonly string[]): DynamicResult {
  const base = {
    id: 'wire/redirect',
    title: 'keeps credentials and codes from a host that the carrier redirects to',
    durationMs: tried.durationMs,
  };
  if (tried.requests.length === 0) return { ...base, verdict: 'not judged', message: NOTHING_ASKED };
  const elsewhere = tried.requests.filter(({ url }) => url.startsWith(ELSEWHERE));
  const expected = 'an error; APIs of carriers do not redirect';
  const fix = 'Do not follow redirects (got: followRedirect: false).';
  if (elsewhere.some((request) => holdsSecret(wholeOf(request), secrets))) {
    return {
      ...base,
      verdict: 'warn',
      message: 'It followed, and sent its credentials to another host.',
      expected,
      fix,
    };
  }
  if (elsewhere.some((request) => wholeOf(request).includes('591204'))) {
    return {
      ...base,
      verdict: 'warn',
      message:
        'It followed, and gave the number and the code to another host; the credentials stayed behind.',
      expected,
      fix,
    };
  }
  if (tried.ended === 'hung')
    return {
      ...base,
      verdict: 'warn',
      message: `It had not ended after ${secondsOf(tried)} seconds.`,
      expected,
      fix,
    };
  return {
    ...base,
    verdict: 'pass',
    message:
      elsewhere.length > 0
        ? 'It followed, but neither code nor credentials went along.'
        : `It did not follow, and ended with ${nameOf(tried.error)}.`,
  };
}
