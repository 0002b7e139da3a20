/**
 * GitLab Code Quality: failures and warnings at the lines of the app where the option stands, for the widget and the changes
 * of a merge request. Source: docs.gitlab.com, Code Quality report format.
 */
import { createHash } from 'node:crypto';
import { causesOf } from './causes.ts';
import type { Report, Severity } from './model.ts';

interface Issue {
  description: string;
  check_name: string;
  /** Stays the same while the failure is the same, so that GitLab can tell new from old. */
  fingerprint: string;
  severity: 'info' | 'minor' | 'major' | 'critical' | 'blocker';
  location: { path: string; lines: { begin: number } };
}

const SEVERITY: Record<Severity, Issue['severity']> = {
  critical: 'blocker',
  serious: 'critical',
  moderate: 'major',
  minor: 'minor',
};

/** One issue for each broken check; a path is needed, so the config stands in where no file of the app is known. */
export function codeQuality(report: Report): Issue[] {
  const byId = new Map(report.checks.map((check) => [check.id, check]));
  return (report.causes ?? causesOf(report.checks, report.target, report.findings)).flatMap((cause) =>
    cause.checks.flatMap((id) => {
      const check = byId.get(id);
      if (!check) return [];
      const path = cause.file ?? report.target.authFile ?? 'conformance.config.ts';
      return [
        {
          description: `${check.message ?? `Not so: the app ${check.title}.`} ${cause.fix}`.replace(
            /\s+/g,
            ' ',
          ),
          check_name: check.id,
          fingerprint: createHash('sha256')
            .update(`${report.target.name}\n${check.id}\n${path}`)
            .digest('hex'),
          severity: check.verdict === 'fail' ? SEVERITY[check.severity] : 'info',
          location: { path, lines: { begin: cause.line ?? 1 } },
        },
      ];
    }),
  );
}
