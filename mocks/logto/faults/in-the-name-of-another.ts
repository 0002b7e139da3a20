/**
 * Faults of an issuer that speaks in the name of the other issuer in the lab, or sends the app there (RFC 9700 §4.4). In a lab
 * with one issuer the other is one that nobody knows.
 */
import type { AuthorizationAnswer, Fault, FaultContext, HttpAnswer, IdTokenDraft } from '../../fault.ts';
import { withBody } from './answers.ts';

const NOBODY = {
  issuer: 'https://evil.example/oidc',
  clientId: 'another-client',
  kid: 'key-of-another-issuer',
  alg: 'ES384',
};

const otherOf = ({ other }: FaultContext) => other ?? NOBODY;

/** Lets one endpoint of the discovery document be that of the other issuer. */
const endpointOfOther =
  (member: string, path: string) =>
  (healthy: Readonly<HttpAnswer>, context: FaultContext): HttpAnswer =>
    withBody(healthy, (document) => ({ ...document, [member]: `${otherOf(context).issuer}${path}` }));

export const authorizationOfOther = {
  'authorization/iss-of-other': {
    title: 'names the other issuer that the app knows in iss',
    distort: ({ params }, context) => ({
      params: params.map(([key, value]) => [key, key === 'iss' ? otherOf(context).issuer : value]),
    }),
  },
} satisfies Record<`authorization/${string}`, Fault<AuthorizationAnswer>>;

export const discoveryOfOther = {
  'discovery/issuer-of-other': {
    title: 'names the other issuer that the app knows in its discovery document',
    distort: (healthy, context) =>
      withBody(healthy, (document) => ({ ...document, issuer: otherOf(context).issuer })),
  },
  'discovery/token-endpoint-of-other': {
    title: 'lists the token endpoint of the other issuer that the app knows',
    distort: endpointOfOther('token_endpoint', '/token'),
  },
  'discovery/userinfo-endpoint-of-other': {
    title: 'lists the userinfo endpoint of the other issuer that the app knows',
    distort: endpointOfOther('userinfo_endpoint', '/me'),
  },
  'discovery/jwks-uri-of-other': {
    title: 'lists the keys of the other issuer that the app knows',
    distort: endpointOfOther('jwks_uri', '/jwks'),
  },
} satisfies Record<`discovery/${string}`, Fault<HttpAnswer>>;

export const idTokenOfOther = {
  'id-token/iss-of-other': {
    title: 'puts the other issuer that the app knows into the ID token',
    distort: (draft, context) => ({ ...draft, payload: { ...draft.payload, iss: otherOf(context).issuer } }),
  },
  'id-token/of-other': {
    title: 'hands on an ID token that the other issuer made for the app',
    distort(draft, context) {
      const { issuer, clientId, kid, alg } = otherOf(context);
      // The nonce stays: whoever runs an issuer can ask the other one for a token with the nonce that it was sent.
      return {
        header: { ...draft.header, kid, alg },
        payload: { ...draft.payload, iss: issuer, aud: clientId },
        signer: 'other-issuer',
      };
    },
  },
} satisfies Record<`id-token/${string}`, Fault<IdTokenDraft>>;
