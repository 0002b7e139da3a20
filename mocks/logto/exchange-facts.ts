/** What the journal says about an exchange with the engine, as plain values, before redaction. */
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Exchange } from '../journal.ts';

type Facts = Exchange['facts'];
type Parameters = Record<string, unknown>;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** How the client proved who it is (OpenID Connect Core §9), or nothing where no client speaks. */
export function clientAuthOf(ctx: KoaContextWithOIDC, params: Parameters): Facts {
  if (
    !['token', 'introspection', 'revocation', 'pushed_authorization_request'].includes(ctx.oidc?.route ?? '')
  )
    return {};
  const basic = /^Basic /i.test(ctx.headers.authorization ?? '');
  if (basic && params.client_secret) return { clientAuth: 'client_secret_basic+client_secret_post' };
  if (basic) return { clientAuth: 'client_secret_basic' };
  if (params.client_secret) return { clientAuth: 'client_secret_post' };
  const assertion = text(params.client_assertion);
  if (!assertion) return { clientAuth: 'none' };
  const [header = ''] = assertion.split('.');
  try {
    const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as { alg?: string };
    return { clientAuth: alg?.startsWith('HS') ? 'client_secret_jwt' : 'private_key_jwt' };
  } catch {
    return { clientAuth: 'private_key_jwt' };
  }
}

/** Parameters that are no secrets, copied under their own names in camel case. */
const COPIED: [parameter: string, fact: string][] = [
  ['grant_type', 'grantType'],
  ['redirect_uri', 'redirectUri'],
  ['response_type', 'responseType'],
  ['response_mode', 'responseMode'],
  ['scope', 'scope'],
  ['prompt', 'prompt'],
  ['code_challenge_method', 'codeChallengeMethod'],
  ['resource', 'resource'],
  ['post_logout_redirect_uri', 'postLogoutRedirectUri'],
  ['max_age', 'maxAge'],
  ['login_hint', 'loginHint'],
  ['ui_locales', 'uiLocales'],
];
/** Parameters of which only the length is told. */
const MEASURED: [parameter: string, fact: string][] = [
  ['code_verifier', 'codeVerifier'],
  ['code_challenge', 'codeChallenge'],
  ['state', 'state'],
  ['nonce', 'nonce'],
  ['id_token_hint', 'idTokenHint'],
];

const errorIn = (ctx: KoaContextWithOIDC): string | null => {
  const body = ctx.body as { error?: string } | undefined;
  if (body && typeof body === 'object' && typeof body.error === 'string') return body.error;
  const target = ctx.response.get('location');
  return /[?&#]error=([^&]+)/.exec(target)?.[1] ?? null;
};

/** Facts of an OAuth exchange; values that were not sent are absent. */
export function oidcFacts(ctx: KoaContextWithOIDC, params: Parameters): Facts {
  const copied = COPIED.flatMap(([from, to]) =>
    text(params[from]) === undefined ? [] : [[to, text(params[from])]],
  );
  const measured = MEASURED.flatMap(([from, to]) =>
    text(params[from]) === undefined ? [] : [[to, text(params[from])?.length]],
  );
  const error = errorIn(ctx);
  return {
    ...Object.fromEntries([...copied, ...measured]),
    clientId: ctx.oidc?.client?.clientId ?? text(params.client_id) ?? null,
    ...(error && { error }),
  };
}
