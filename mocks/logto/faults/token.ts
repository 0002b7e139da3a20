/** Faults of the token endpoint's answer (RFC 6749 §5). */
import type { Fault, HttpAnswer } from '../../faults.ts';

export const tokenFaults = {
  'token/status-500': {
    title: 'answers the token request with 500',
    distort: (healthy) => ({ ...healthy, status: 500, body: { message: 'Internal server error.' } }),
  },
} satisfies Record<`token/${string}`, Fault<HttpAnswer>>;
