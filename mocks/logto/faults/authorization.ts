/** Faults of the authorization response: what the browser carries back to the redirect URI (RFC 6749 §4.1.2, RFC 9207). */
import type { AuthorizationAnswer, Fault } from '../../faults.ts';

const replace = (answer: AuthorizationAnswer, name: string, value: string): AuthorizationAnswer => ({
  params: answer.params.map(([key, old]) => [key, key === name ? value : old]),
});
const without = (answer: AuthorizationAnswer, name: string): AuthorizationAnswer => ({
  params: answer.params.filter(([key]) => key !== name),
});

export const authorizationFaults = {
  'authorization/state-wrong': {
    title: 'returns another state than it was sent',
    distort: (healthy) => replace(healthy, 'state', 'a-state-of-somebody-else'),
  },
  'authorization/iss-wrong': {
    title: 'names another issuer in iss',
    distort: (healthy) => replace(healthy, 'iss', 'https://evil.example/oidc'),
  },
  'authorization/iss-missing': {
    title: 'leaves iss out',
    distort: (healthy) => without(healthy, 'iss'),
  },
} satisfies Record<`authorization/${string}`, Fault<AuthorizationAnswer>>;
