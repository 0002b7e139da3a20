/** Clauses that somebody would look for in the catalogue, and why no check stands for them. */
export const untested: Record<string, string> = {
  'oidc-core §3.1.3.7 #10':
    'Beyond a missing iat nothing is demanded: a client may refuse a token that was issued too long ago, and both libraries accept any.',
  'rfc6749 §3.1.2': 'Whether the redirect endpoint uses TLS cannot be judged on localhost.',
  'rfc9700 §4.2':
    'Referer leaks are a matter of the pages behind the callback; the session JSON is checked instead.',
  'oidc-core §5.3.2': 'Stock apps never call the userinfo endpoint; apps that do claim the feature userinfo.',
};
