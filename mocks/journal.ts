/** The journal: every exchange that the mocks (and the user agents) saw, redacted when it is read, append-only, bounded. */
import { createIssued, type IssuedKind, type IssuedRegister } from './issued.ts';
import { lazilyRedacted, settle } from './lazily-redacted.ts';
import { beforeForgetting, type Keeper } from './redact.ts';

/** Who speaks: the four lanes of a time line, and the harness itself. */
export type Lane = 'browser' | 'app' | 'issuer' | 'carrier' | 'harness';

/** Which of the issuers in the mocks: the one that an app is judged with, or another tenant on an origin of its own. */
export type Tenancy = 'first' | 'second';

/** Something that was given out, or a trace of the app's inside, that was seen in an exchange. */
export interface Sighting {
  kind: IssuedKind | 'stack trace';
  side: 'request' | 'response';
  /** `script cookie` is one that scripts can read, `elsewhere` the address of something that a page loads from another site. */
  where: 'body' | 'address' | 'header' | 'cookie' | 'script cookie' | 'elsewhere';
  form: 'as it is' | 'percent-encoded' | 'base64' | 'hexadecimal';
  /** Fingerprint of the person whose it is. */
  owner: string | null;
  /** Fingerprint of the value. */
  print: string;
  /** An ID token that stands there as `id_token_hint` of an address, and nowhere else. */
  isHint?: true;
  /** What stands around the name of somebody else, where the kept body was cut before it. */
  around?: string;
  /** How often a name stands in a body, where it does more than once. */
  times?: number;
  /**
   * A name or id of a person that stands in links to pages of people, and nowhere else on a page: the place of such links, and to how
   * many people they lead from there.
   */
  entry?: { at: string; of: number };
}

export interface Exchange {
  /** Position in the journal, from 1. */
  seq: number;
  /** ISO 8601 time of the request. */
  at: string;
  durationMs: number;
  scope: string | null;
  from: Lane;
  to: Lane;
  method: string;
  url: string;
  /** null when the connection hung or was reset. */
  status: number | null;
  request: { headers: Record<string, string | string[]>; body: unknown };
  response: { headers: Record<string, string | string[]>; body: unknown };
  /** Faults that changed this exchange. */
  faults: string[];
  /**
   * What the mock found out before redaction, as plain values. Names in use:
   * `endpoint` (authorize, token, userinfo, jwks, discovery, end-session, experience, messages …), `clientId`,
   * `clientAuth` (client_secret_basic, client_secret_post, private_key_jwt, client_secret_jwt, none),
   * `grantType`, `codeVerifier` (length), `redirectUri`, `template`, `error`, `changed` (members of an ID token that a fault changed),
   * `tenant` (`second` at the second issuer).
   */
  facts: Record<string, string | number | boolean | null>;
  /** What was seen in it, where a law may ask for it. */
  sightings?: Sighting[];
  /** Fingerprints of the people whom the request spoke for. */
  entitled?: string[];
}

export type NewExchange = Omit<Exchange, 'seq' | 'at' | 'faults' | 'facts'> &
  Partial<Pick<Exchange, 'at' | 'faults' | 'facts'>>;

export interface JournalQuery {
  scope?: string;
  /** Only entries after this position. */
  since?: number;
  endpoint?: string;
  to?: Lane;
  /** Exchanges with the second issuer alone, or with all others alone. */
  tenant?: Tenancy;
  /**
   * What user agents do not know themselves: exchanges of servers whole, and of browsers only those that a fault
   * changed, without headers and bodies.
   */
  view?: 'servers';
}

const SILENT = { headers: {}, body: null };
const seenByServers = (entries: readonly Exchange[]): Exchange[] =>
  entries.flatMap((entry) => {
    if (entry.from !== 'browser') return [entry];
    return entry.faults.length > 0 ? [{ ...entry, request: SILENT, response: SILENT }] : [];
  });

export interface Journal extends Keeper {
  add(exchange: NewExchange): Exchange;
  query(query?: JournalQuery): Exchange[];
  /**
   * Why an answer to a query is not whole, in words; undefined when it is. A query that names neither a scope nor a
   * position asks for what is there.
   */
  missing(query: JournalQuery): string | undefined;
  /** The first entry that fits, now or later; rejects when the time limit (milliseconds) passes. */
  waitFor(query: JournalQuery, limitMs: number): Promise<Exchange>;
  subscribe(listener: (exchange: Exchange) => void): () => void;
  /** What the mocks gave out, by its true value; never written anywhere. */
  readonly issued: IssuedRegister;
  /** Position of the newest entry. */
  readonly position: number;
  reset(): void;
}

/** Scopes of which it is known that they lost entries. */
const SCOPES_MAX = 10_000;
const fits = (entry: Exchange, { scope, since = 0, endpoint, to, tenant }: JournalQuery) =>
  entry.seq > since &&
  (scope === undefined || entry.scope === scope) &&
  (endpoint === undefined || entry.facts.endpoint === endpoint) &&
  (to === undefined || entry.to === to) &&
  (tenant === undefined || (entry.facts.tenant ?? 'first') === tenant);

/** Entries after a position; positions have no gaps. */
const newer = (entries: Exchange[], since = 0): Exchange[] => {
  const first = entries[0]?.seq ?? 1;
  return since < first ? entries : entries.slice(since - first + 1);
};

/** @param max entries kept; the oldest leave first. */
export function createJournal(max = 20_000): Journal {
  let entries: Exchange[] = [];
  let seq = 0;
  /** Position of the newest entry that has left, in all and by scope. */
  let left = 0;
  const leftOf = new Map<string, number>();
  /** The same entries by scope: a check asks for its own, however many there are. */
  const ofScope = new Map<string, Exchange[]>();
  const leave = (gone: readonly Exchange[]) => {
    left = gone.at(-1)?.seq ?? left;
    for (const { scope, seq: position } of gone) {
      if (scope === null) continue;
      leftOf.delete(scope);
      leftOf.set(scope, position);
    }
    for (const scope of new Set(gone.map((entry) => entry.scope ?? ''))) {
      const rest = ofScope.get(scope)?.filter((entry) => entry.seq > left);
      if (rest?.length) ofScope.set(scope, rest);
      else ofScope.delete(scope);
    }
    for (const scope of leftOf.keys()) {
      if (leftOf.size <= SCOPES_MAX) break;
      leftOf.delete(scope);
    }
  };
  const listeners = new Set<(exchange: Exchange) => void>();
  const query = (wanted: JournalQuery = {}) => {
    const of = wanted.scope === undefined ? newer(entries, wanted.since) : (ofScope.get(wanted.scope) ?? []);
    const found = of.filter((entry) => fits(entry, wanted));
    return wanted.view === 'servers' ? seenByServers(found) : found;
  };
  const issued = createIssued();
  const journal: Journal = {
    issued,
    hideSecrets: () => entries.forEach(settle),
    add(exchange) {
      seq += 1;
      const entry = lazilyRedacted({
        faults: [],
        facts: {},
        at: new Date().toISOString(),
        ...exchange,
        seq,
      });
      entries.push(entry);
      if (entry.scope !== null) {
        const same = ofScope.get(entry.scope);
        if (same) same.push(entry);
        else ofScope.set(entry.scope, [entry]);
      }
      if (entries.length > max + max / 10) {
        leave(entries.slice(0, -max));
        entries = entries.slice(-max);
      }
      for (const listener of listeners) listener(entry);
      return entry;
    },
    query,
    missing({ scope, since }) {
      if (scope === undefined && since === undefined) return undefined;
      const last = scope === undefined ? left : (leftOf.get(scope) ?? 0);
      return last > (since ?? 0)
        ? `the journal keeps ${max} exchanges, and some of those that were asked for have left it`
        : undefined;
    },
    waitFor(wanted, limitMs) {
      const found = query(wanted)[0];
      if (found) return Promise.resolve(found);
      return new Promise((resolve, reject) => {
        const done = (act: () => void) => {
          clearTimeout(timer);
          listeners.delete(listener);
          act();
        };
        const listener = (entry: Exchange) => {
          if (fits(entry, wanted)) done(() => resolve(entry));
        };
        const timer = setTimeout(
          () => done(() => reject(new Error(`no exchange ${JSON.stringify(wanted)} within ${limitMs} ms`))),
          limitMs,
        );
        listeners.add(listener);
      });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get position() {
      return seq;
    },
    reset() {
      entries = [];
      left = 0;
      leftOf.clear();
      ofScope.clear();
    },
  };
  beforeForgetting(journal);
  return journal;
}

/** The same journal for the second issuer, whose entries say so. */
export const journalOfSecond = (journal: Journal): Journal =>
  Object.create(journal, {
    add: {
      value: (exchange: NewExchange) =>
        journal.add({ ...exchange, facts: { ...exchange.facts, tenant: 'second' } }),
    },
  });
