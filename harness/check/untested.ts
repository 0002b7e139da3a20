/** Clauses that somebody would look for in the catalogue, and why no check stands for them. */
export const untested: Record<string, string> = {
  'oidc-core §3.1.2.2':
    'Authentication Request Validation is a duty of Logto; the mock refuses what Logto refuses (recordings).',
  'oidc-core §3.1.3.7 #1': 'Encrypted ID tokens: Logto issues none.',
  'oidc-core §3.1.3.7 #12': 'acr is requested by no Auth.js app: Logto names none.',
  'oidc-core §3.1.3.7 #13': 'auth_time is checked by apps that send max_age; no stock Auth.js app does.',
  'oidc-core §3.2, §3.3':
    'The implicit and hybrid flows: Auth.js asks for a code alone, and Logto allows no other flow.',
  'oidc-core §4': 'Initiating login from a third party: Auth.js has no such endpoint.',
  'oidc-core §5.3.2 (signed)': 'Signed userinfo: Logto answers with plain JSON.',
  'oidc-core §5.6': 'Aggregated and distributed claims: Logto sends none.',
  'oidc-core §6': 'Request objects: Logto and Auth.js do not use them.',
  'oidc-core §12.2 (refreshed id_token)':
    'The ID token of a refresh: Auth.js leaves refreshing to the code of the app, and its guide looks at the access token alone.',
  'oidc-discovery §2': 'WebFinger: the issuer of a Logto app is configured.',
  'oidc-rpinitiated §4':
    'Discovery of the sign-out endpoint is a choice of the app: Logto documents the fixed path /session/end.',
  'oidc-backchannel §2.7':
    'Logout actions beyond the own session (refresh tokens revoked) cannot be seen from outside.',
  'oidc-frontchannel':
    'Front-channel logout: browsers block the third-party cookies it needs, and no stock Auth.js app receives it.',
  'rfc6749 §3.1.2': 'Whether the redirect endpoint uses TLS cannot be judged on localhost.',
  'rfc6749 §4.2, §4.3, §4.4':
    'The implicit, password and client credentials grants: Auth.js uses none of them.',
  'rfc6749 §5.1 (no answer)':
    'A token endpoint that never answers: the check would have to wait for a time limit (v4: 3.5 s, v5: minutes).',
  'rfc6749 §10.13': 'Clickjacking is a matter of the pages of the app, not of its sign-in.',
  'rfc7636 §4.4': 'Keeping the challenge with the code is a duty of Logto.',
  'rfc7636 §7.2': 'A plain challenge is covered by the check that demands S256.',
  'rfc9207 §3': 'Announcing iss in discovery is a duty of Logto.',
  'rfc6265bis §4.1.3':
    'The prefixes __Secure- and __Host- need https, and a lab on localhost has none; Auth.js adds them by itself there.',
  'rfc9700 §2.2.2': 'Sender-constrained refresh tokens: Logto binds none to a key (no DPoP, no mutual TLS).',
  'rfc9700 §4.1':
    'Weak redirect URI validation is a duty of Logto; the exact redirect URI of the app is checked.',
  'rfc9700 §4.2':
    'Referer leaks are a matter of the pages behind the callback; the session JSON is checked instead.',
  'rfc9700 §4.6': 'Access token injection needs the implicit flow.',
  'rfc9700 §4.9.2, §4.10':
    'Token replay at resource servers: the app is a client here, not a resource server.',
  'rfc9700 §4.12': 'Redirects with 307 are a duty of Logto, which sends 303.',
  'rfc9700 §4.13': 'A proxy that ends TLS is not part of the lab; forged Forwarded headers are checked.',
};
