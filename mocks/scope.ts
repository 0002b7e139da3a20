/**
 * A scope is one check's private corner of the mocks: its armed faults, its clock, its journal entries.
 *
 * Requests of a browser carry the scope as a cookie on the issuer's origin; what the issuer hands out
 * (codes, tokens) and the person's phone number are bound to it, so that server-to-server requests find
 * it again. Discovery and JWKS requests carry nothing: faults of those stages hold an exclusive lease.
 */
import { randomUUID } from 'node:crypto';
import { type FaultName, isExclusive } from './faults.ts';
import type { Tenancy } from './journal.ts';
import {
  type ArmedFault,
  createIssuerChaos,
  createOccasions,
  type IssuerChaos,
  nameOf,
  type Occasions,
} from './occasions.ts';

/** Cookie on the issuer's origin that names the scope of a browser's requests. */
export const SCOPE_COOKIE = 'conformance_scope';
/** Header that names the scope between our own processes (connector to carrier, harness to control). */
export const SCOPE_HEADER = 'x-conformance-scope';
/** Header that tells a carrier mock which usage type Logto asked the connector for, as the text alone may fit several. */
export const USAGE_TYPE_HEADER = 'x-conformance-usage-type';

export interface ScopeState {
  readonly id: string;
  /** What opened it, for the journal: a check id, or 'person' for somebody at the keyboard. */
  readonly label: string;
  readonly exclusive: boolean;
  /** Label of a scope that closed with the app shown to be healthy, before this one was granted and with no doubt since. */
  readonly healthyAfter?: string;
  faults: ArmedFault[];
  /** Faults of the second issuer, where there is one. */
  secondFaults: ArmedFault[];
  /** Milliseconds that the clock of this scope is ahead. */
  offsetMs: number;
}

type BindKind = 'code' | 'access_token' | 'refresh_token' | 'phone' | 'interaction' | 'grant';

export interface OpenOptions {
  label?: string;
  /** Faults that will be armed in this scope; they decide whether its lease is shared or exclusive. */
  willArm?: readonly FaultName[];
  /** After this many milliseconds the lease ends by itself, so that a killed worker blocks nobody. */
  leaseMs?: number;
}

/**
 * What the one who closes a scope knows of the app: a healthy sign-in was the last thing in it (`shown`), or came first, and
 * nothing that was tried behind it went wrong (`shown before`), nothing that was tried in it went wrong (`kept`), or none of it.
 */
export const HEALTH_AT_CLOSE = ['shown', 'shown before', 'kept', 'unknown'] as const;
export type HealthAtClose = (typeof HEALTH_AT_CLOSE)[number];

export interface Scopes {
  open(options?: OpenOptions): Promise<ScopeState>;
  get(id: string | undefined | null): ScopeState | undefined;
  /** A global fault leaves doubts about the app, unless its health is `shown`. */
  close(id: string, health?: HealthAtClose): boolean;
  /**
   * Arms exactly these; counting of occasions begins anew.
   *
   * @param tenant whose faults they are (default: the first issuer's, and the carrier's)
   */
  arm(id: string, faults: readonly ArmedFault[], tenant?: Tenancy): void;
  /** Remembers that a code, token, phone number … belongs to a scope. */
  bind(kind: BindKind, key: string, scope: string | undefined): void;
  of(kind: BindKind, key: string | undefined): string | undefined;
  /**
   * Faults that the next answer of one stage meets; for discovery and JWKS those of whoever holds the exclusive lease.
   * Each call counts one occasion; where nothing is armed, the chaos of the issuer draws.
   *
   * @param stage a stage, or `transport/<endpoint>`
   */
  armed(stage: string, scope?: string): FaultName[];
  /** Spoils answers of the issuer outside of scopes with armed faults. */
  readonly chaos: IssuerChaos;
  /**
   * Calls back once, when the faults of a scope change or the scope ends: what hangs is then let go. Without a scope it
   * is that of whoever holds the exclusive lease; where nobody does, nothing is called.
   */
  whenHealed(scope: string | undefined, callback: () => void): void;
  /** The same scopes as the second issuer sees them: with its own faults. */
  ofSecond(): Scopes;
  all(): ScopeState[];
  reset(): void;
}

/** What the control server answers with that status. */
const refusal = (statusCode: number, message: string) => Object.assign(new Error(message), { statusCode });
/** Codes, tokens, interactions and numbers of 2,500 sign-ins: what is older was let go by the issuer, too. */
const BINDINGS_MAX = 10_000;
/** The longest that a timer can run; one that is set for longer runs out at once. */
const LEASE_MAX_MS = 2 ** 31 - 1;

export function createScopes(): Scopes {
  const scopes = new Map<string, ScopeState>();
  const bindings = new Map<string, string>();
  const timers = new Map<string, NodeJS.Timeout>();
  const occasions = new Map<string, Occasions>();
  const keyOf = (id: string, tenant: Tenancy) => (tenant === 'first' ? id : `${id} ${tenant}`);
  const chaos = createIssuerChaos();
  const hanging = new Map<string, (() => void)[]>();
  const queue: { exclusive: boolean; grant: () => void }[] = [];

  let healthyAfter: string | undefined;
  /** How often there was doubt, in all and when a scope was granted. */
  let doubts = 0;
  const doubtsBefore = new Map<string, number>();
  const held = () => [...scopes.values()];
  const mayEnter = (exclusive: boolean) => (exclusive ? scopes.size === 0 : !held().some((s) => s.exclusive));
  const stateOf = (scope: string | undefined) =>
    scope ? scopes.get(scope) : held().find((s) => s.exclusive);
  const serve = () => {
    // First come, first served: a shared lease waits behind an earlier exclusive one, so none starves.
    for (let next = queue[0]; next && mayEnter(next.exclusive); next = queue[0]) {
      queue.shift();
      next.grant();
    }
  };

  const heal = (id: string) => {
    const callbacks = hanging.get(id) ?? [];
    hanging.delete(id);
    for (const callback of callbacks) callback();
  };

  const close = (id: string, health: HealthAtClose = 'unknown') => {
    heal(id);
    const state = scopes.get(id);
    const isDoubted = health === 'unknown' || (health !== 'shown' && state?.exclusive);
    const before = doubtsBefore.get(id);
    doubtsBefore.delete(id);
    if (isDoubted) {
      doubts += 1;
      healthyAfter = undefined;
    } else if (health === 'shown' || (health === 'shown before' && before === doubts))
      healthyAfter = state?.label;
    clearTimeout(timers.get(id));
    timers.delete(id);
    for (const tenant of ['first', 'second'] as const) occasions.delete(keyOf(id, tenant));
    const gone = scopes.delete(id);
    serve();
    return gone;
  };

  const self: Scopes = {
    open: ({ label = 'person', willArm = [], leaseMs = 120_000 } = {}) =>
      new Promise((resolve) => {
        const exclusive = willArm.some(isExclusive);
        queue.push({
          exclusive,
          grant: () => {
            const state: ScopeState = {
              id: randomUUID(),
              label,
              exclusive,
              healthyAfter,
              faults: [],
              secondFaults: [],
              offsetMs: 0,
            };
            scopes.set(state.id, state);
            doubtsBefore.set(state.id, doubts);
            timers.set(state.id, setTimeout(() => close(state.id), Math.min(leaseMs, LEASE_MAX_MS)).unref());
            resolve(state);
          },
        });
        serve();
      }),
    get: (id) => (id ? scopes.get(id) : undefined),
    close,
    arm(id, faults, tenant = 'first') {
      const state = scopes.get(id);
      if (!state) throw refusal(404, `no open scope ${id}`);
      const barred = state.exclusive ? undefined : faults.map(nameOf).find(isExclusive);
      if (barred)
        throw refusal(409, `${barred} needs an exclusive lease: name it in willArm when the scope is opened`);
      state[tenant === 'first' ? 'faults' : 'secondFaults'] = [...faults];
      occasions.set(keyOf(id, tenant), createOccasions());
      heal(id);
    },
    bind(kind, key, scope) {
      if (!scope) return;
      // What is bound again is in use: the oldest that nobody used leave first.
      bindings.delete(`${kind}:${key}`);
      bindings.set(`${kind}:${key}`, scope);
      if (bindings.size > BINDINGS_MAX) bindings.delete(bindings.keys().next().value as string);
    },
    of: (kind, key) => (key === undefined ? undefined : bindings.get(`${kind}:${key}`)),
    armed(stage, scope) {
      const state = stateOf(scope);
      if (!state || state.faults.length === 0) return chaos.draw(stage);
      return occasions.get(state.id)?.next(state.faults, stage) ?? [];
    },
    whenHealed(scope, callback) {
      const state = stateOf(scope);
      if (state) hanging.set(state.id, [...(hanging.get(state.id) ?? []), callback]);
    },
    ofSecond: () => ({
      ...self,
      armed: (stage, scope) => {
        const state = stateOf(scope);
        if (!state?.secondFaults.length) return [];
        return occasions.get(keyOf(state.id, 'second'))?.next(state.secondFaults, stage) ?? [];
      },
    }),
    all: held,
    chaos,
    reset() {
      for (const id of [...scopes.keys()]) close(id);
      bindings.clear();
      chaos.set(null);
    },
  };
  return self;
}
