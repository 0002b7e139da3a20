/**
 * Where oidc-provider keeps its sessions, grants, codes and tokens: bounded, in memory, aged by the mock's clock.
 *
 * Stamps stay real time; what is stored grows older. An artifact read after the clock moved by N seconds comes
 * back with its stamps N seconds earlier, so it expires, rotates and asks for re-authentication as if N had passed.
 */
import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { Clock } from '../clock.ts';
import type { Scopes } from '../scope.ts';

/** Seconds since the epoch that an artifact may carry (oidc-provider models). */
const STAMPS = ['iat', 'exp', 'consumed', 'iiat', 'loginTs'] as const;
const GRANTABLE = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken', 'DeviceCode']);
/** A consumed refresh token works for so many seconds more (queries/oidc-model-instance.ts; recordings 467, 602). */
const REUSE_INTERVAL = 3;
/** What 2,500 sign-ins leave: a session, a grant, a code and tokens each. */
const ARTIFACTS_MAX = 10_000;
/** oidc-provider keeps refusing a used or expired artifact by name only while it is stored; later it is unknown. */
const KEPT_AFTER_EXPIRY_MS = 60_000;
/** What is over is looked for no more often than this, when something is stored. */
const SWEEP_MS = 10_000;

/** As text: objects of so many members take four times the room, and are copied at each reading. */
interface Stored extends Pick<AdapterPayload, 'accountId' | 'exp' | 'uid' | 'userCode' | 'grantId'> {
  text: string;
  scope: string | undefined;
  /** How far the clock was ahead of real time when it was stored, in milliseconds. */
  aheadMs: number;
}

export interface Artifacts {
  /** Adapter factory for oidc-provider. */
  adapter(model: string): Adapter;
  /** What an account has of a model and is not over, oldest first. */
  ofAccount(model: string, accountId: string): { id: string; payload: AdapterPayload }[];
  /** Removes everything that belongs to an account: sessions, grants, tokens. */
  forgetAccount(accountId: string): void;
  clear(): void;
  /** Artifacts kept, expired ones that were not swept yet among them. */
  readonly size: number;
}

export interface ArtifactsOptions {
  clock: Clock;
  scopes: Scopes;
  /** Scope of the request that is being answered. */
  currentScope(): string | undefined;
  /** Told when an artifact of a scope is read: the request that reads it belongs there too. */
  adoptScope(scope: string | undefined): void;
  /** Client metadata by id, from the tenant. */
  findClient(id: string): AdapterPayload | undefined;
  /** Artifacts kept; the oldest leave first. */
  max?: number;
}

/** In-memory store with one adapter per model. */
export function createArtifacts(options: ArtifactsOptions): Artifacts {
  const { clock, scopes, currentScope, adoptScope, findClient, max = ARTIFACTS_MAX } = options;
  const stored = new Map<string, Stored>();
  const byUid = new Map<string, string>();
  const byUserCode = new Map<string, string>();
  const byGrant = new Map<string, Set<string>>();
  const aheadMs = (scope: string | undefined) => clock.now(scope) - Date.now();

  const drop = (key: string) => {
    const entry = stored.get(key);
    stored.delete(key);
    if (!entry) return;
    const { uid, userCode, grantId } = entry;
    if (uid && byUid.get(uid) === key) byUid.delete(uid);
    if (userCode && byUserCode.get(userCode) === key) byUserCode.delete(userCode);
    const members = grantId ? byGrant.get(grantId) : undefined;
    members?.delete(key);
    if (members?.size === 0) byGrant.delete(grantId as string);
  };

  const read = (key: string | undefined): AdapterPayload | undefined => {
    const entry = key === undefined ? undefined : stored.get(key);
    if (!entry) return undefined;
    adoptScope(entry.scope);
    const olderBy = Math.max(0, (aheadMs(entry.scope) - entry.aheadMs) / 1000);
    const payload = JSON.parse(entry.text) as AdapterPayload;
    for (const stamp of STAMPS) {
      const at = payload[stamp];
      if (typeof at === 'number')
        payload[stamp] = stamp === 'consumed' ? at - olderBy : Math.round(at - olderBy);
    }
    const isRefreshToken = (key as string).startsWith('RefreshToken:');
    if (isRefreshToken && payload.consumed && Date.now() / 1000 - Number(payload.consumed) < REUSE_INTERVAL) {
      delete payload.consumed;
    }
    if (isOver(payload.exp)) {
      drop(key as string);
      return undefined;
    }
    return payload;
  };

  const isOver = (exp: number | undefined) =>
    typeof exp === 'number' && exp * 1000 + KEPT_AFTER_EXPIRY_MS < Date.now();
  let sweptAt = 0;
  /** Removes what nobody can find any more, as an adapter of oidc-provider is to do by `expiresIn`. */
  const sweep = () => {
    if (Math.abs(Date.now() - sweptAt) < SWEEP_MS) return;
    sweptAt = Date.now();
    for (const [key, { exp }] of stored) if (isOver(exp)) drop(key);
  };

  /** PostgreSQL takes no NUL into a text: what holds one is never found, and never kept (recordings 886, 890). */
  const guardText = (text: string) => {
    if (text.includes('\0') || text.includes('\\u0000'))
      throw new Error('invalid byte sequence for encoding "UTF8": 0x00');
  };

  const write = (key: string, model: string, payload: AdapterPayload) => {
    const previous = stored.get(key);
    const scope = currentScope() ?? previous?.scope;
    drop(key);
    const { accountId, exp, uid, userCode, grantId } = payload;
    stored.set(key, {
      text: JSON.stringify(payload),
      accountId,
      exp,
      uid,
      userCode,
      grantId,
      scope,
      aheadMs: aheadMs(scope),
    });
    if (model === 'Session' && payload.uid) byUid.set(payload.uid, key);
    if (payload.userCode) byUserCode.set(payload.userCode, key);
    if (GRANTABLE.has(model) && payload.grantId) {
      const members = byGrant.get(payload.grantId) ?? new Set();
      byGrant.set(payload.grantId, members.add(key));
    }
    sweep();
    for (const oldest of stored.keys()) {
      if (stored.size <= max) break;
      drop(oldest);
    }
  };

  const adapter = (model: string): Adapter => {
    const keyOf = (id: string) => `${model}:${id}`;
    return {
      async upsert(id, payload) {
        guardText(JSON.stringify(payload));
        write(keyOf(id), model, payload);
        if (model === 'AuthorizationCode') scopes.bind('code', id, currentScope());
        if (model === 'AccessToken') scopes.bind('access_token', id, currentScope());
        if (model === 'RefreshToken') scopes.bind('refresh_token', id, currentScope());
        if (model === 'Interaction') scopes.bind('interaction', id, currentScope());
      },
      async find(id) {
        if (model === 'Client') return findClient(id);
        guardText(id);
        return read(keyOf(id));
      },
      findByUid: async (uid) => read(byUid.get(uid)),
      findByUserCode: async (userCode) => read(byUserCode.get(userCode)),
      async consume(id) {
        const payload = read(keyOf(id));
        if (payload) write(keyOf(id), model, { ...payload, consumed: Date.now() / 1000 });
      },
      async destroy(id) {
        drop(keyOf(id));
      },
      async revokeByGrantId(grantId) {
        for (const key of [...(byGrant.get(grantId) ?? [])]) if (key.startsWith(`${model}:`)) drop(key);
      },
    };
  };

  return {
    adapter,
    ofAccount(model, accountId) {
      const prefix = `${model}:`;
      return [...stored].flatMap(([key, { accountId: owner, exp, text }]) => {
        const mine = key.startsWith(prefix) && owner === accountId;
        const over = typeof exp === 'number' && exp * 1000 < Date.now();
        return mine && !over ? [{ id: key.slice(prefix.length), payload: JSON.parse(text) }] : [];
      });
    },
    forgetAccount(accountId) {
      for (const [key, { accountId: owner }] of [...stored]) if (owner === accountId) drop(key);
    },
    clear() {
      for (const map of [stored, byUid, byUserCode, byGrant]) map.clear();
    },
    get size() {
      return stored.size;
    },
  };
}
