/** What the command line does with reports that exist: render again, join, compare, sign, verify. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pullRequestComment } from './comment.ts';
import { diffReports, diffText } from './diff.ts';
import { mergeFiles, readReport, readReportText, reportFile } from './files.ts';
import { readGiven } from './given-file.ts';
import { judgeAgain } from './judge.ts';
import type { Law } from './laws.ts';
import { ReportError } from './report-error.ts';
import { checkReporters } from './reporter-names.ts';
import { signReport, verifyReport } from './sign.ts';
import { canDeploy, recordDeployment, recordResult } from './store.ts';
import { terminalSummary } from './terminal.ts';
import { writeReports } from './writers.ts';

/** The signed result, as the rest of a sentence about the target. */
const RESULT: Record<string, string> = {
  conformant: 'is conformant',
  'passed in part': 'passed in part',
  'not conformant': 'is not conformant',
  'not judged': 'could not be judged',
};

/** What a command has to say, and the exit code of the process. */
export interface Outcome {
  text: string;
  exitCode: 0 | 1 | 2;
}

export interface OutputOptions {
  /** Folder of the written reports. */
  out: string;
  reporters?: readonly string[];
  /** Columns of the terminal. */
  width?: number;
  colour?: boolean;
}

function readText(file: string, expected: string): string {
  try {
    return readGiven(file);
  } catch (error) {
    throw new ReportError({
      code: 'CONF_FILE_MISSING',
      what: `the file ${file} could not be read: ${(error as Error).message}`,
      expected,
      remedy: 'correct the path.',
    });
  }
}

/** `report FILE`: renders other reports from report.json, beside it unless `out` says otherwise. */
export function renderAgain(
  place: string,
  { out, reporters, width, colour }: Partial<OutputOptions> = {},
): Outcome {
  checkReporters(reporters);
  const report = readReport(place);
  const files = reporters?.length
    ? writeReports(report, { outputFolder: out ?? path.dirname(reportFile(place)), reporters })
    : [];
  return { text: terminalSummary(report, { width, colour, files }), exitCode: report.exitCode };
}

/** `judge FILE`: judges the history in a report again; other formats are written when they are named. */
export function judge(
  place: string,
  laws: readonly Law[],
  { out, reporters, width, colour }: Partial<OutputOptions> = {},
): Outcome {
  checkReporters(reporters);
  const report = judgeAgain(readReport(place), laws);
  const files = reporters?.length
    ? writeReports(report, { outputFolder: out ?? path.dirname(reportFile(place)), reporters })
    : [];
  return { text: terminalSummary(report, { width, colour, files }), exitCode: report.exitCode };
}

/** `merge FILES`: joins shards; the exit code is the one of the whole. */
export function merge(
  places: readonly string[],
  { out, reporters = ['junit', 'html'], width, colour }: OutputOptions,
  laws: readonly Law[] = [],
): Outcome {
  checkReporters(reporters);
  const merged = mergeFiles(places, out);
  // A law is judged over the history of all shards, where one of them was asked for laws.
  const asked = new Set(merged.checks.map(({ id }) => id));
  const its = laws.filter(({ meta }) => asked.has(meta.id));
  const report = its.length ? judgeAgain(merged, its) : merged;
  return {
    text: terminalSummary(report, {
      width,
      colour,
      files: writeReports(report, { outputFolder: out, reporters }),
    }),
    exitCode: report.exitCode,
  };
}

/** `diff OLD NEW`: exit code 1 when something got worse. */
export function diff(before: string, after: string, { json = false, colour = false } = {}): Outcome {
  const found = diffReports(readReport(before), readReport(after));
  return {
    text: json ? `${JSON.stringify(found, null, 2)}\n` : diffText(found, { colour }),
    exitCode: found.regression ? 1 : 0,
  };
}

/** `sign FILE --key KEY` and `run --sign KEY`: writes report.json.jws beside the report. */
export async function sign(place: string, keyFile: string): Promise<Outcome> {
  const file = reportFile(place);
  readReport(file);
  const jws = await signReport(
    readReportText(file),
    readText(keyFile, 'the file of a private key, PEM or JWK (--sign, --key)'),
  );
  writeFileSync(`${file}.jws`, `${jws}\n`);
  return { text: `signed: ${file}.jws\n`, exitCode: 0 };
}

/**
 * `verify FILE --key KEY` or `--thumbprint T`: exit code 0 when the signature holds, whatever the verdict that was
 * signed; 1 when it does not.
 *
 * @param trust.key file of the public key that the reader trusts
 * @param trust.thumbprint RFC 7638 thumbprint of that key
 * @throws ReportError CONF_KEY_MISSING when neither is given: anybody can sign with a key of their own
 */
export async function verify(
  place: string,
  trust: { key?: string; thumbprint?: string } = {},
): Promise<Outcome> {
  const { key: keyFile, thumbprint: pinned } = trust;
  const file = reportFile(place);
  readReport(file);
  const jws = readText(`${file}.jws`, `the signature beside the report (${path.basename(file)}.jws)`);
  try {
    const { result, covers, target, tool, startedAt, thumbprint, trusted } = await verifyReport(
      readReportText(file),
      jws,
      keyFile && readText(keyFile, 'the file of a public key, PEM or JWK (--key)'),
    );
    if (pinned !== undefined && pinned !== thumbprint)
      return {
        text: `${
          new ReportError({
            code: 'CONF_SIGNATURE_INVALID',
            what: `the report was signed with another key: its thumbprint is ${thumbprint}`,
            expected: `the thumbprint ${pinned} (--thumbprint)`,
            remedy: 'do not rely on this report; ask its author for the original files.',
          }).message
        }\n`,
        exitCode: 1,
      };
    if (!trusted && pinned === undefined)
      throw new ReportError({
        code: 'CONF_KEY_MISSING',
        what: `the report was not changed since it was signed, but nobody said whose signature counts: anybody can sign with a key of their own (this one has the thumbprint ${thumbprint})`,
        expected: 'the public key that you trust (--key FILE), or its thumbprint (--thumbprint)',
        remedy: `get one of them from the owner of the key, not from whoever gave you the report; if it is this one: npx authjs-conformance verify ${place} --thumbprint ${thumbprint}`,
      });
    const by = trusted
      ? `by the key that you gave (${thumbprint})`
      : `by the key with the thumbprint that you gave (${thumbprint})`;
    return {
      text: `The signature holds: ${target} ${RESULT[result] ?? result}, judged by ${tool} at ${startedAt}.\nIt covers ${covers}.\nSigned ${by}.\n`,
      exitCode: 0,
    };
  } catch (error) {
    if (error instanceof ReportError && error.parts.code === 'CONF_SIGNATURE_INVALID')
      return { text: `${error.message}\n`, exitCode: 1 };
    throw error;
  }
}

/** `comment AFTER --since BEFORE`: the comment of a pull request; a base without a report is none. */
export function comment(after: string, since?: string): Outcome {
  const report = readReport(after);
  return {
    text: pullRequestComment(since === undefined ? undefined : readReport(since), report),
    exitCode: 0,
  };
}

/** `store record REPORT`: keeps the result of a version, and perhaps where it went. */
export function record(
  place: string,
  { store, appVersion, deployed }: { store: string; appVersion: string; deployed?: string },
): Outcome {
  const report = readReport(place);
  const files = [recordResult(store, report, appVersion)];
  const app = path.basename(path.dirname(path.dirname(files[0] as string)));
  if (deployed) files.push(recordDeployment(store, app, appVersion, deployed));
  return { text: files.join('\n'), exitCode: 0 };
}

/** `can-deploy APP --to ENVIRONMENT` */
export const mayDeploy = (
  app: string,
  { store, appVersion, to }: { store: string; appVersion: string; to: string },
): Outcome => canDeploy(store, app, appVersion, to);
