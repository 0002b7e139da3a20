/** Faults of the discovery document (OpenID Connect Discovery 1.0 §4). */
import type { Fault, HttpAnswer } from '../../faults.ts';

const document = (answer: Readonly<HttpAnswer>) => answer.body as Record<string, unknown>;

export const discoveryFaults = {
  'discovery/issuer-mismatch': {
    title: 'names another issuer in its discovery document',
    distort: (healthy) => ({ ...healthy, body: { ...document(healthy), issuer: 'https://evil.example/oidc' } }),
  },
} satisfies Record<`discovery/${string}`, Fault<HttpAnswer>>;
