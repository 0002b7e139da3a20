/**
 * Applies the armed faults of a scope to an answer of the engine, just before it is sent.
 *
 * With nothing armed the answer is not touched, copied or re-serialised. ID tokens are taken apart, changed and
 * signed anew; their at_hash and c_hash stay what the engine made them.
 */
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { FaultContext, HttpAnswer } from '../fault.ts';
import { distort, type FaultName } from '../faults.ts';
import type { Scopes } from '../scope.ts';
import { joinResponse, splitResponse } from './authorization-response.ts';
import type { OtherIssuer } from './context.ts';
import type { IdTokenSigner } from './sign-id-token.ts';

/** The faults that changed an answer, and how it travels. */
export interface Applied {
  names: FaultName[];
  wire?: HttpAnswer['wire'];
  slowMs?: number;
  /** What was changed in an ID token: `aud: "my-app" → "another-app"`. */
  changed?: string;
}

/** Header and claims of a token; empty where it is none. */
function partsOf(token: string): Record<string, unknown> {
  try {
    const [header = '', claims = ''] = token.split('.');
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as object;
    return Object.fromEntries([...Object.entries(read(header)), ...Object.entries(read(claims))]);
  } catch {
    return {};
  }
}

/** The members in which two tokens differ, in words; undefined when it is their signature alone. */
export function differenceOf(healthy: string, distorted: string): string | undefined {
  const [before, after] = [partsOf(healthy), partsOf(distorted)];
  // Claims may be named like members of every object.
  const text = (claims: Record<string, unknown>, name: string) => {
    const json = Object.hasOwn(claims, name) ? (JSON.stringify(claims[name]) ?? '(nothing)') : '(missing)';
    return json.length > 120 ? `${json.slice(0, 120)}…` : json;
  };
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const differing = names.filter((name) => text(before, name) !== text(after, name));
  return (
    differing.map((name) => `${name}: ${text(before, name)} → ${text(after, name)}`).join('; ') || undefined
  );
}

/** Stage of the whole HTTP answer of an endpoint. */
const ANSWER_STAGES: Record<string, string> = {
  discovery: 'discovery',
  jwks: 'jwks',
  token: 'token',
  userinfo: 'userinfo',
  'end-session': 'end-session',
  'end-session-confirm': 'end-session',
};

const answerOf = (ctx: KoaContextWithOIDC): HttpAnswer => ({
  status: ctx.status,
  headers: Object.fromEntries(
    Object.entries(ctx.response.headers)
      .filter(([name]) => name !== 'set-cookie')
      .map(([name, value]) => [name, String(value)]),
  ),
  body: ctx.body,
});

/** Writes an answer to Koa so that exactly its status, headers and body are sent. */
function write(ctx: KoaContextWithOIDC, healthy: HttpAnswer, answer: HttpAnswer): void {
  ctx.status = answer.status;
  ctx.body =
    typeof answer.body === 'string' || answer.body === null || answer.body === undefined
      ? (answer.body ?? '')
      : JSON.stringify(answer.body);
  for (const name of Object.keys(healthy.headers)) if (!(name in answer.headers)) ctx.remove(name);
  for (const [name, value] of Object.entries(answer.headers)) {
    if (name !== 'content-length') ctx.set(name, value);
  }
  ctx.status = answer.status;
}

const redirectTarget = (ctx: KoaContextWithOIDC): string | undefined => {
  const target = ctx.response.get('location');
  const redirectUri = ctx.oidc?.params?.redirect_uri;
  return ctx.status === 303 && typeof redirectUri === 'string' && target.startsWith(redirectUri)
    ? target
    : undefined;
};

const inWords = (other: OtherIssuer | undefined): FaultContext['other'] =>
  other && { issuer: other.issuer, clientId: other.clientId, kid: other.key.jwk.kid, alg: other.key.alg };

export interface FaultApplier {
  /** @returns which faults were applied; the answer in `ctx` is changed in place */
  apply(ctx: KoaContextWithOIDC, endpoint: string, scope: string | undefined): Promise<Applied>;
}

export function createFaultApplier(options: {
  scopes: Scopes;
  issuer: string;
  sign: IdTokenSigner;
  /** The other issuer of the lab, where there is one. */
  other?(): OtherIssuer | undefined;
}): FaultApplier {
  const { scopes, issuer, sign } = options;

  const contextOf = (ctx: KoaContextWithOIDC): FaultContext => ({
    issuer,
    clientId: ctx.oidc?.client?.clientId ?? '',
    redirectUri: String(ctx.oidc?.params?.redirect_uri ?? ''),
    now: Math.floor(Date.now() / 1000),
    other: inWords(options.other?.()),
  });

  async function onIdToken(
    ctx: KoaContextWithOIDC,
    scope: string | undefined,
  ): Promise<Pick<Applied, 'names' | 'changed'>> {
    const body = ctx.body as { id_token?: string } | undefined;
    const names = ctx.status === 200 && body?.id_token ? scopes.armed('id-token', scope) : [];
    if (names.length && body?.id_token) {
      const distorted = await sign(body.id_token, names, contextOf(ctx));
      ctx.body = { ...body, id_token: distorted };
      return { names, changed: differenceOf(body.id_token, distorted) };
    }
    return { names };
  }

  function onRedirect(ctx: KoaContextWithOIDC, scope: string | undefined): FaultName[] {
    const target = redirectTarget(ctx);
    const names = target ? scopes.armed('authorization', scope) : [];
    if (target && names.length) {
      const context = contextOf(ctx);
      const answer = splitResponse(target, context.redirectUri);
      ctx.set('location', joinResponse(distort(names, answer, context), target, context.redirectUri));
    }
    return names;
  }

  function onAnswer(ctx: KoaContextWithOIDC, names: FaultName[]): Omit<Applied, 'names'> {
    if (names.length === 0) return {};
    const healthy = answerOf(ctx);
    const { wire, slowMs, ...answer } = distort(names, healthy, contextOf(ctx));
    write(ctx, healthy, answer);
    return { wire, slowMs };
  }

  return {
    async apply(ctx, endpoint, scope) {
      const early =
        endpoint === 'token'
          ? await onIdToken(ctx, scope)
          : { names: endpoint === 'authorize' || endpoint === 'resume' ? onRedirect(ctx, scope) : [] };
      const stage = ANSWER_STAGES[endpoint];
      const whole = [
        ...(stage ? scopes.armed(stage, scope) : []),
        ...scopes.armed(`transport/${endpoint}`, scope),
      ];
      return { ...early, names: [...early.names, ...whole], ...onAnswer(ctx, whole) };
    },
  };
}
