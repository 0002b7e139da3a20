/**
 * The one report model. The reporter builds it, every writer reads it, `report.json` is its JSON form.
 */
import type { Exchange } from '../mocks/journal.ts';
import type { VERDICT_NAMES } from './verdict-names.ts';

export type Level = 'must' | 'should' | 'may';
export type Severity = 'critical' | 'serious' | 'moderate' | 'minor';
/**
 * pass · fail (a must was broken) · warn (a should was broken) · note (a may, or a provisional check) ·
 * not applicable (the app never asked for it; says why) · not judged (something is missing that the user can give; says
 * what) · blocked (the control failed, so nothing is known) ·
 * error (the harness or a mock failed).
 */
export type Verdict = (typeof VERDICT_NAMES)[number];

/** A check as it is declared; texts are whole sentences except `title`, which reads after "the app". */
export interface CheckMeta {
  /** `suite/slug`, stable: what people type. */
  id: string;
  title: string;
  /** Keys of the clause table, such as `oidc-core §3.1.3.7 #3`. */
  clauses: string[];
  level: Level;
  severity: Severity;
  fault?: string;
  appMust: string;
  otherwise: string;
  /** The remedy; `{library}` stands for the Auth.js package that the app has. */
  fix?: string;
  needs?: string[];
  /** What of the mocks it uses beyond a sign-in; before a real issuer some of it is not there. */
  uses?: string[];
  provisional?: boolean;
  /** Its body does to the app what no healthy sign-in does, though it arms no fault. */
  provokes?: boolean;
  formerly?: string[];
  /** Number of the weakness (CWE) that an app has which breaks this duty; those of the catalogue are in `reports/cwe.ts`. */
  cwe?: number;
}

/** What one step of a check found; shown on the time line. */
export interface Step {
  name: 'control' | 'fault' | 'recovery' | (string & {});
  /** What the app did, in one sentence. */
  outcome: string;
  ok: boolean;
  /** First and last journal position of this step. */
  from: number;
  to: number;
}

/** One piece of the wire that a message is about. */
export interface Offending {
  /** `Set-Cookie of GET /auth/callback/logto`. */
  what: string;
  value: string;
  /** Position of its exchange in the check. */
  seq?: number;
}

export interface ReportAttachment {
  name: string;
  contentType: string;
  /** Path relative to the report's folder. */
  path?: string;
}

export interface CheckResult extends CheckMeta {
  suite: string;
  verdict: Verdict;
  /** What the app did (fail, warn, note), or why nothing can be said (not applicable, not judged, blocked, error). */
  message?: string;
  /** The header, parameter or claim that the message is about, as it was on the wire. */
  offending?: Offending[];
  /** Stack or details for people who debug; never needed to understand the verdict. */
  detail?: string;
  durationMs: number;
  startedAt: string;
  file: string;
  line: number;
  retries: number;
  steps: Step[];
  exchanges: Exchange[];
  /** The target's own output while the check ran. */
  log: string[];
  attachments: ReportAttachment[];
  /** The command that runs this check alone, on the same target. */
  rerun: string;
  /** Listed in the known-failures file: the reason given there. */
  known?: string;
  /** It runs, and does not count: the profile of the run does not name it. */
  notScored?: true;
  /** Rows of OWASP ASVS 5.0.0 that it stands for, such as 7.4.1. */
  asvs?: string[];
}

export interface Finding {
  code: string;
  what: string;
  expected: string;
  remedy: string;
  /** The config key (or the option of the app) to change, when there is one. */
  key?: string;
}

/** A published advisory that an installed version of the app is affected by; it changes no verdict. */
export interface AdvisoryNote {
  /** GHSA id. */
  id: string;
  cve?: string;
  severity: 'critical' | 'high' | 'medium' | 'low';
  package: string;
  version: string;
  /** The first version of the same line without it. */
  fixed?: string;
  summary: string;
  source: string;
  /** Checks that show it in an app. */
  shows?: string[];
  /** Why no app can be judged for it from outside. */
  notJudged?: string;
}

/** Which part of the catalogue a run was asked for. */
export interface Scope {
  /** `whole` the catalogue and all own checks · `selection` · `quick` one healthy sign-in · `shard` one of several parts. */
  kind: 'whole' | 'selection' | 'quick' | 'shard';
  /** What was asked for, in the canonical spelling. */
  select?: string[];
  shard?: { current: number; total: number };
  /** Checks that this report holds. */
  ran: number;
  /** Checks that there are: the catalogue of this version, and own checks. */
  of: number;
}

/** What the config claims of the app, what its smoke sign-in showed, and whether it is judged. */
export interface UsageRow {
  /** A feature of the config, or something else that is told: pkce, resource, organizations. */
  feature: string;
  /** Unknown: no exchange shows it, or the sign-in ended before it could be seen. */
  seen: 'yes' | 'no' | 'unknown';
  /** Never: there is no such claim, the wire alone tells. */
  claimed: 'yes' | 'no' | 'never';
  judged: boolean;
  note?: string;
  /** Where claim and wire differ and it matters; it fails nothing by itself. */
  finding?: Finding;
}

/** Something in the config that makes a check easier to pass, or leaves checks out. */
export interface Loosened {
  /** The config key, such as `session.fields`. */
  key: string;
  /** What it takes away, in one sentence. */
  what: string;
}

/** What a run says of the duties of one source of the ledger. */
export interface SourceCoverage {
  source: string;
  title: string;
  url: string;
  duties: number;
  /** Every check of it that was judged passed. */
  kept: number;
  /** A check of it failed, warned or noted. */
  notKept: number;
  /** No check of it was judged. */
  notJudged: number;
  /** It has no check, for a reason that the ledger tells. */
  excluded: number;
}

/** What several failures have in common, and how to mend it. */
export interface Cause {
  /** Name of the remedy. */
  key: string;
  /** What is wrong, in some words. */
  title: string;
  /** Option of Auth.js that decides. */
  option?: string;
  fix: string;
  /** Code as it is often written, and as it should be. */
  before?: string;
  after?: string;
  /** Where the option stands in the app, as far as its sources are known. */
  file?: string;
  line?: number;
  /** Verdict and harm of the worst of its checks. */
  verdict: Verdict;
  severity: Severity;
  /** Ids, worst first. */
  checks: string[];
}

/** Clause key → how to show it. */
export interface ClauseLink {
  label: string;
  url: string;
}

/** What the config declares of an app. */
export interface Declared {
  /** Origins of the issuer, as app and browser know them. */
  issuerOrigins: string[];
  features: string[];
  /** Scopes the app asks for next to openid; absent when the config names none. */
  scopes?: string[];
  /** Paths on which members are meant to find data of each other (pages.directories). */
  directories?: string[];
  /** Paths below which each member has a public page (pages.profiles). */
  profiles?: string[];
  /** Origins that stand in the sources of the app as such that may ask it: its own front ends. */
  namedOrigins?: string[];
  /** Members of `user` in the session JSON. */
  userMembers: string[];
  /** Further members of the session JSON. */
  sessionMembers: string[];
  /** Name of the session cookie, when it is not the one of Auth.js. */
  sessionCookie?: string;
  /** What the lab of the run could not do, and why; missing where it could do everything. */
  lacks?: Record<string, string>;
}

/** A run against a real Logto: what of the catalogue it could judge. */
export interface LiveFacts {
  issuer: string;
  /** Where the one-time codes came from, in words. */
  codes: string;
  /** Checks and laws that could be judged, as far as the issuer decides that. */
  judged: number;
  of: number;
  /** The others, by why not. */
  not: { count: number; why: string }[];
}

/** Messages of one usage type through one connector. */
export interface SentMessages {
  /** Factory id, such as `twilio-short-message-service` or `http-email`. */
  connector: string;
  kind: string;
  type: string;
  count: number;
  /** The checks that they were sent in; `smoke` is the sign-in before them. */
  by: string[];
}

export interface Report {
  schema: 'urn:authjs-conformance:report:1';
  version: 1;
  tool: { name: string; version: string };
  startedAt: string;
  durationMs: number;
  target: {
    name: string;
    origin?: string;
    basePath?: string;
    provider?: string;
    /** `next-auth v4`, `Auth.js v5` … as recognised from cookies and endpoints. */
    library?: string;
    /** Every way into a session that the app lists at `/providers`: id, name, and type (oidc, oauth, email, credentials …). */
    ways?: { id: string; name: string; type: string }[];
    /** The second app at the same tenant, which suite `sso` judges, too. */
    also?: { name: string; origin: string; library: string };
    framework?: string;
    /** The development server that it was run by, such as `next dev`. */
    devServer?: string;
    versions: Record<string, string>;
    features: string[];
    /** What the config says of the app, as far as laws ask for it. */
    declared?: Declared;
    /** Why nobody can sign in to the app; missing when the smoke sign-in ended with a session. */
    nobodySignsIn?: string;
    /** File that configures Auth.js, for SARIF locations. */
    authFile?: string;
    /** Where options of Auth.js stand in the sources: `callbacks.redirect` → file and line; `''` is the whole config. */
    options?: Record<string, { file: string; line: number }>;
  };
  environment: { node: string; platform: string; browser?: string; ci?: string; commit?: string };
  connector?: {
    name: string;
    version: string;
    /** Logto's nine usage types, and whether the connector's config has a text for each. */
    templates: Record<string, 'covered' | 'missing' | 'falls back to Generic'>;
    /** Usage type → the flow that sends it. */
    flows?: Record<string, string>;
    /** What was sent in the run, by connector and usage type; missing where nobody counted. */
    sent?: SentMessages[];
  };
  /**
   * Verdict of the run; its exit code is 0, 1 or 2. `conformant` is said of a whole run only: a part in which no must
   * was broken is `passed in part`.
   */
  result: 'conformant' | 'passed in part' | 'not conformant' | 'not judged';
  exitCode: 0 | 1 | 2;
  strict: boolean;
  /** What counts for "conformant"; missing in reports of older versions. */
  profile?: { name: string; title: string; frozen: boolean; checks: number };
  counts: Record<Verdict, number>;
  checks: CheckResult[];
  /** Failures and warnings by what causes them, worst first; missing in reports of older versions. */
  causes?: Cause[];
  clauses: Record<string, ClauseLink>;
  /** What stopped or hampered the run itself (CONF_… errors). */
  findings: Finding[];
  /** Published advisories of the versions that the app's lock file holds, worst first. */
  advisories?: AdvisoryNote[];
  /** Seen, claimed, judged; missing in reports of older versions and of runs that had no lab. */
  usage?: UsageRow[];
  /** What the config loosens; missing in reports of older versions. */
  loosened?: Loosened[];
  /** Duties by source; missing in reports of older versions. */
  coverage?: SourceCoverage[];
  /** There when the issuer was a real Logto. */
  live?: LiveFacts;
  /** Last lines of the target's output. */
  targetLog: string[];
  scope: Scope;
  comparedWith?: { startedAt: string; better: string[]; worse: string[]; added: string[]; gone: string[] };
}
