/** The outermost layer of the engine: finds the scope, applies faults, writes the journal, and sends oddly when told to. */
import type { KoaContextWithOIDC } from 'oidc-provider';
import { type IssuedKind, issuedOf } from '../issued.ts';
import type { Journal } from '../journal.ts';
import type { Scopes } from '../scope.ts';
import type { Applied, FaultApplier } from './apply-faults.ts';
import { compressed, etagOf, isFresh } from './conditional.ts';
import { endpointOf, laneOf } from './endpoints.ts';
import { clientAuthOf, oidcFacts } from './exchange-facts.ts';
import { type Asking, asking, type Middleware } from './provider.ts';
import type { User } from './tenant.ts';

export interface ExchangeOptions {
  scopes: Scopes;
  journal: Journal;
  faults: FaultApplier;
  scopeOf(request: { headers: Record<string, string | string[] | undefined> }): string | undefined;
  /** The account with an id. */
  userOf(id: string | undefined): User | undefined;
}

type Parameters = Record<string, unknown>;

/** The scope that a code or token in the request is bound to. */
function boundScope(
  scopes: Scopes,
  params: Parameters,
  authorization: string | undefined,
): string | undefined {
  const text = (name: string) => (typeof params[name] === 'string' ? (params[name] as string) : undefined);
  const bearer = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  const token = bearer ?? text('token') ?? text('access_token');
  return (
    scopes.of('code', text('code')) ??
    scopes.of('refresh_token', text('refresh_token') ?? token) ??
    scopes.of('access_token', token)
  );
}

/** What was sent; a pushed request is known by the engine's parameters, which hold defaults where there is a body. */
const parametersOf = (ctx: KoaContextWithOIDC): Parameters => ({
  ...ctx.query,
  ...((ctx.oidc?.body ?? ctx.oidc?.params) as Parameters | undefined),
});

/** Sends the answer in pieces over `slowMs`, stops when the other side leaves. */
function drip(ctx: KoaContextWithOIDC, slowMs: number): void {
  const { res } = ctx;
  const bytes = Buffer.from(typeof ctx.body === 'string' ? ctx.body : JSON.stringify(ctx.body ?? ''));
  ctx.respond = false;
  res.statusCode = ctx.status;
  res.setHeader('content-length', bytes.length);
  res.flushHeaders();
  const pieces = 10;
  const size = Math.ceil(bytes.length / pieces);
  let sent = 0;
  const timer = setInterval(() => {
    res.write(bytes.subarray(sent, sent + size));
    sent += size;
    if (sent >= bytes.length) {
      clearInterval(timer);
      res.end();
    }
  }, slowMs / pieces);
  res.on('close', () => clearInterval(timer));
}

/** @param whenHealed calls back when the fault is over; a connection that hung until then is broken off */
function travel(
  ctx: KoaContextWithOIDC,
  { wire, slowMs = 10_000 }: Applied,
  whenHealed: (callback: () => void) => void,
): void {
  if (wire === 'slow') drip(ctx, slowMs);
  if (wire === 'hang' || wire === 'reset') ctx.respond = false;
  if (wire === 'hang') whenHealed(() => ctx.req.socket.destroy());
  if (wire === 'reset') ctx.req.socket.resetAndDestroy();
}

function answerIfChanged(ctx: KoaContextWithOIDC): void {
  const etag = etagOf(ctx.body);
  ctx.set('ETag', etag);
  if (!isFresh(ctx.req.headers, etag)) return;
  ctx.status = 304;
  ctx.body = null;
}

function compress(ctx: KoaContextWithOIDC, type: string): void {
  const { body } = ctx as { body: unknown };
  if (ctx.method === 'HEAD' || body === null || body === undefined || Buffer.isBuffer(body)) return;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const sent = compressed(text, type, ctx.req.headers['accept-encoding']);
  if (!sent) return;
  ctx.body = sent.bytes;
  ctx.set('Content-Type', type);
  ctx.set('Content-Encoding', sent.encoding);
}

const headersOf = (headers: NodeJS.Dict<number | string | string[]>) =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value : String(value)]],
    ),
  ) as Record<string, string | string[]>;

/** Members of a token answer that nobody but the app may see. */
const TOKENS = {
  access_token: 'access token',
  refresh_token: 'refresh token',
  id_token: 'ID token',
} as const;

/** Members of an answer; a fault may have made text of it, or nothing that can be read. */
function membersOf(body: unknown): Parameters {
  if (typeof body !== 'string') return (body ?? {}) as Parameters;
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Parameters) : {};
  } catch {
    return {};
  }
}

/** Remembers what this exchange gave out, and to whom, so that it can be looked for wherever the app may leave it. */
function register(
  { journal, userOf }: ExchangeOptions,
  ctx: KoaContextWithOIDC,
  params: Parameters,
  scope: string | undefined,
): void {
  const { entities, session } = ctx.oidc ?? {};
  const id =
    entities?.Account?.accountId ??
    entities?.AuthorizationCode?.accountId ??
    entities?.RefreshToken?.accountId ??
    session?.accountId;
  const user = userOf(id);
  const person = user
    ? issuedOf({ ...user, phone: user.primaryPhone, userId: user.id, email: user.primaryEmail })
    : [];
  for (const each of person) journal.issued.add(each);
  const owner = person[0]?.owner ?? null;
  const give = (kind: IssuedKind, value: unknown) =>
    typeof value === 'string' && journal.issued.add({ kind, value, owner, scope: scope ?? null });
  const body = membersOf(ctx.body);
  for (const [member, kind] of Object.entries(TOKENS)) give(kind, body[member]);
  give('authorization code', /[?&]code=([^&#]+)/.exec(ctx.response.get('location'))?.[1]);
  give('code verifier', params.code_verifier);
  give('state', params.state);
}

/** The middleware that stands around everything the engine does. */
export function aroundExchanges(options: ExchangeOptions): Middleware {
  const { scopes, journal, faults, scopeOf } = options;
  return async (ctx, next) => {
    const began = performance.now();
    const at = new Date().toISOString();
    const known: Asking = { scope: scopeOf(ctx.request as never) };
    await asking.run(known, next);
    const params = parametersOf(ctx);
    const scope = known.scope ?? boundScope(scopes, params, ctx.headers.authorization);
    const endpoint = endpointOf(ctx.oidc?.route);
    const facts = { endpoint, ...oidcFacts(ctx, params), ...clientAuthOf(ctx, params) };
    const applied = await faults.apply(ctx, endpoint, scope);
    register(options, ctx, params, scope);
    // A validator stands for what is sent, so it is made after the faults.
    const body = ctx.body ?? null;
    if (!applied.wire && ctx.method === 'GET' && ctx.body) answerIfChanged(ctx);
    const type = ctx.response.get('content-type');
    travel(ctx, applied, (callback) => scopes.whenHealed(scope, callback));
    journal.add({
      at,
      durationMs: performance.now() - began,
      scope: scope ?? null,
      from: laneOf(endpoint),
      to: 'issuer',
      method: ctx.req.method ?? ctx.method,
      url: String((ctx.req as { originalUrl?: string }).originalUrl ?? ctx.originalUrl),
      status: applied.wire === 'hang' || applied.wire === 'reset' ? null : ctx.status,
      request: { headers: headersOf(ctx.req.headers), body: (ctx.oidc?.body as unknown) ?? null },
      response: { headers: headersOf(ctx.res.getHeaders()), body },
      faults: applied.names,
      facts: applied.changed ? { ...facts, changed: applied.changed } : facts,
    });
    if (!applied.wire) compress(ctx, type);
  };
}
