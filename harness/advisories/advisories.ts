/** Published advisories of what signs people in: Auth.js, Next.js, and what stands beside them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** As the GitHub Advisory Database grades. */
export type AdvisorySeverity = 'critical' | 'high' | 'medium' | 'low';

export const ADVISORY_SEVERITIES: readonly AdvisorySeverity[] = ['critical', 'high', 'medium', 'low'];

/** One line of versions of one package; an advisory has several when several lines were mended. */
export interface AffectedPackage {
  name: string;
  /** A semver range. */
  affected: string;
  /** The first version of this line without it. */
  fixed: string[];
}

export interface Advisory {
  /** GHSA id. */
  id: string;
  cve?: string;
  severity: AdvisorySeverity;
  /** ISO 8601 day. */
  published: string;
  packages: AffectedPackage[];
  /** One sentence, in our own words. */
  summary: string;
  source: string;
  /** Checks, laws or approaches of the catalogue that show it in an app. */
  shows?: string[];
  /** Why no app can be judged for it from outside. */
  notJudged?: string;
  /** False when a part of it could not be looked up; `from` says which, and where the rest is from. */
  verified: boolean;
  from?: string;
}

interface AdvisoryFile {
  /** ISO 8601 day of the last look at public sources. */
  checkedOn: string;
  note: string;
  advisories: Advisory[];
}

let read: AdvisoryFile | undefined;

/** The data, newest first; it ships beside this file. */
export const advisoryFile = (): AdvisoryFile => {
  read ??= JSON.parse(
    readFileSync(path.join(import.meta.dirname, 'advisories.json'), 'utf8'),
  ) as AdvisoryFile;
  return read;
};

export const advisories = (): readonly Advisory[] => advisoryFile().advisories;
