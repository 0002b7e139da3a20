/** What the certification of one connector config found: plain data, without any secret of the config. */

/** Route of the control server that certifies the connector of a run, once. */
export const REPORT_ROUTE = '/connector/report';

export type FindingLevel = 'error' | 'warning' | 'note';

/** A piece of the file's text to be replaced; offset and length count UTF-16 units. */
export interface TextEdit {
  offset: number;
  length: number;
  content: string;
}

/** A correction that changes nothing but what the finding names. */
export interface SafeFix {
  /** What it does, in a clause that reads after "corrected:". */
  description: string;
  edits: TextEdit[];
}

export interface ConnectorFinding {
  /** Stable, kebab-case. */
  code: string;
  level: FindingLevel;
  /** `templates[1].content`; empty for the whole file. */
  keyPath: string;
  /** From 1. */
  line: number;
  /** From 1, in UTF-16 units. */
  column: number;
  what: string;
  expected: string;
  fix: string;
  safeFix?: SafeFix;
}

/** `falls back` means that the connector sends its Generic template instead; `not sent` that it refuses. */
export type TemplateStatus = 'covered' | 'falls back to Generic' | 'missing' | 'not sent' | 'not judged';

export interface TemplateRow {
  usageType: string;
  status: TemplateStatus;
  /** Text messages that one code costs, at six digits. */
  segments?: number;
  encoding?: 'GSM-7' | 'UCS-2';
  /** Characters at six digits; of a text that is far too long as it is written. */
  characters?: number;
  /** Characters that GSM-7 lacks, each once. */
  nonGsm?: string[];
}

export type DynamicVerdict = 'pass' | 'fail' | 'warn' | 'not judged';

/** Why a refusal was reported wrongly. */
export type Misreport =
  | 'taken for success'
  | 'never ended'
  | 'holds a secret'
  | 'asked again'
  | 'no ConnectorError'
  | 'another code'
  | 'reason kept';

/** What the real connector did when it was made to send. */
export interface DynamicResult {
  /** `send/SignIn`, `error/21211`, `wire/hang` … */
  id: string;
  /** Reads after "the connector". */
  title: string;
  verdict: DynamicVerdict;
  /** What it did, in one sentence. */
  message: string;
  /** Of a refusal that was reported wrongly. */
  because?: Misreport;
  expected?: string;
  fix?: string;
  durationMs: number;
}

export type ConnectorVerdict = 'conformant' | 'not conformant' | 'not judged';

export interface ConnectorReport {
  schema: 'urn:authjs-conformance:connector-report:1';
  connector: { name: string; version: string; id: string };
  /** As it was given; undefined when the config was no file. */
  file?: string;
  findings: ConnectorFinding[];
  templates: TemplateRow[];
  dynamic: DynamicResult[];
  verdict: ConnectorVerdict;
  /** Why it is so, in one sentence. */
  summary: string;
}

/** 0 conformant, 1 not conformant, 2 could not be judged. */
export const exitCodeOf = ({ verdict }: ConnectorReport): 0 | 1 | 2 =>
  verdict === 'conformant' ? 0 : verdict === 'not conformant' ? 1 : 2;
