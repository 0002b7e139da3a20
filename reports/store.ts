/**
 * Results by version and environment, as files in a folder (of a branch, or of a bucket that is mounted): no server. What
 * asks "may this version go there?" is `can-deploy`.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readGivenJson } from './given-file.ts';
import type { Report } from './model.ts';
import { ReportError } from './report-error.ts';
import { isWhole } from './scope.ts';

export interface StoredResult {
  schema: 'urn:authjs-conformance:stored-result:1';
  app: string;
  /** Version of the app, as its own people name it: a tag or a commit. */
  version: string;
  result: Report['result'];
  whole: boolean;
  startedAt: string;
  tool: string;
  failing: string[];
  known: string[];
}

/** Names become file names; what is no plain name is refused rather than changed. */
function named(kind: string, text: string): string {
  if (/^[\w.+@-]{1,100}$/.test(text) && !/^\.+$/.test(text)) return text;
  throw new ReportError({
    code: 'CONF_STORE_NAME',
    what: `"${text}" is no name of ${kind} that a file can have`,
    expected: 'letters, digits, and . _ + @ -',
    remedy: 'name it by its tag or commit.',
  });
}

const resultFile = (store: string, app: string, version: string) =>
  path.join(store, named('an app', app), 'versions', `${named('a version', version)}.json`);
const environmentFile = (store: string, app: string, environment: string) =>
  path.join(store, named('an app', app), 'environments', `${named('an environment', environment)}.json`);

function write(file: string, value: unknown): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
  return file;
}

function read<Value>(file: string): Value | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return readGivenJson(file) as Value;
  } catch (error) {
    throw new ReportError({
      code: 'CONF_STORE_UNREADABLE',
      what: `${file} could not be read: ${(error as Error).message}`,
      expected: 'a file that `store record` wrote',
      remedy: 'record the result of that version again.',
    });
  }
}

/** Keeps the result of a version; a later one of the same version takes its place. */
export function recordResult(store: string, report: Report, version: string): string {
  const open = report.checks.filter(({ verdict }) => ['fail', 'error', 'blocked'].includes(verdict));
  const stored: StoredResult = {
    schema: 'urn:authjs-conformance:stored-result:1',
    app: report.target.name.replace(/[^\w.+@-]+/g, '-'),
    version,
    result: report.result,
    whole: isWhole(report),
    startedAt: report.startedAt,
    tool: report.tool.version,
    failing: open.filter(({ known }) => known === undefined).map(({ id }) => id),
    known: open.filter(({ known }) => known !== undefined).map(({ id }) => id),
  };
  return write(resultFile(store, stored.app, version), stored);
}

/** Remembers which version an environment has. */
export const recordDeployment = (store: string, app: string, version: string, environment: string): string =>
  write(environmentFile(store, app, environment), { version, at: new Date().toISOString() });

export interface Decision {
  exitCode: 0 | 1 | 2;
  text: string;
}

/** Whether a version may go to an environment: 0 yes, 1 no, 2 nothing is known of it. */
export function canDeploy(store: string, app: string, version: string, environment: string): Decision {
  const result = read<StoredResult>(resultFile(store, app, version));
  if (!result)
    return {
      exitCode: 2,
      text: `${app} ${version} may not go to ${environment}: no result of it is stored. Next: npx authjs-conformance run, then store record.`,
    };
  const there = read<{ version: string }>(environmentFile(store, app, environment));
  const before = there && read<StoredResult>(resultFile(store, app, there.version));
  const worse = before ? result.failing.filter((id) => !before.failing.includes(id)) : [];
  const since = there
    ? `; ${environment} has ${there.version}${worse.length ? `, in which ${worse.join(', ')} did not fail` : ''}`
    : '';
  if (!result.whole)
    return {
      exitCode: 2,
      text: `${app} ${version} may not go to ${environment}: only a part was judged${since}.`,
    };
  if (result.result !== 'conformant')
    return {
      exitCode: 1,
      text: `${app} ${version} may not go to ${environment}: it is ${result.result} (${result.failing.slice(0, 5).join(', ')}${result.failing.length > 5 ? ` and ${result.failing.length - 5} more` : ''})${since}.`,
    };
  return {
    exitCode: 0,
    text: `${app} ${version} may go to ${environment}: conformant on ${result.startedAt.slice(0, 10)}${result.known.length ? `, with ${result.known.length} known` : ''}${since}.`,
  };
}
