/** From Playwright's test and its results to one check of the report. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { TestCase, TestResult } from '@playwright/test/reporter';
import type { Exchange } from '../mocks/journal.ts';
import type { CheckMeta, CheckResult, ReportAttachment, Step } from './model.ts';
import { inProfile, type Profile } from './profiles.ts';
import { fixOf, otherwiseOf } from './remedies/index.ts';
import { verdictOf } from './verdict.ts';
import { plain, remedyFor } from './words.ts';

export interface CollectOptions {
  /** Folder of the reports, absolute; attachment paths are relative to it. */
  outputFolder: string;
  /** Folder that check files are told relative to. */
  rootFolder: string;
  /** `authjs-conformance run --config …`, put before the id. */
  rerunPrefix: string;
  strict?: boolean;
  /** What the run is scored by; without one, every check is. */
  profile?: Pick<Profile, 'levels'>;
  /** Stores a body that has no file yet; returns its path relative to the output folder. */
  store(name: string, contentType: string, body: Buffer): string;
  /** The exchanges are left out: they are megabytes, and only the report at the end needs them. */
  withoutExchanges?: boolean;
}

/** Names of the attachments that carry the report's own data. */
const DATA = ['steps', 'exchanges', 'target-log'];
/** What Playwright writes beside each failure for coding assistants: it says what the report says, and asks for an explanation. */
const OF_PLAYWRIGHT = 'error-context';

/** The declaration of a check; a plain Playwright test of a user becomes a check of the suite `own`. */
export function metaOf(test: TestCase): CheckMeta {
  const json = test.annotations.find(({ type }) => type === 'check')?.description;
  if (json) return JSON.parse(json);
  const [, , , ...titles] = test.titlePath();
  const title = titles.join(' › ') || test.title;
  return {
    id: `own/${title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')}`,
    title,
    clauses: [],
    level: 'must',
    severity: 'moderate',
    appMust: `Pass "${title}".`,
    otherwise: 'A check of your own does not hold.',
  };
}

/** Whether a body or file belongs to an attachment, as text. */
function textOf({ body, path: file }: TestResult['attachments'][number]): string | undefined {
  if (body) return body.toString('utf8');
  try {
    return file ? readFileSync(file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

function dataOf<Item>(result: TestResult | undefined, name: string): Item[] {
  const attachment = result?.attachments.findLast((each) => each.name === name);
  try {
    const value: unknown = JSON.parse((attachment && textOf(attachment)) ?? '[]');
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** Where an attachment lies, relative to the reports; what lies elsewhere (in a blob of a shard) is taken along. */
function placeOf(
  { name, contentType, path: file, body }: TestResult['attachments'][number],
  { outputFolder, store }: CollectOptions,
): string | undefined {
  if (!file) return body && store(name, contentType, body);
  const inside = path.relative(outputFolder, file);
  if (!inside.startsWith('..') && !path.isAbsolute(inside)) return inside;
  try {
    return store(path.basename(file), contentType, readFileSync(file));
  } catch {
    return undefined;
  }
}

function attachmentsOf(result: TestResult | undefined, options: CollectOptions): ReportAttachment[] {
  return (result?.attachments ?? [])
    .filter(({ name }) => !DATA.includes(name) && name !== OF_PLAYWRIGHT && !name.startsWith('_'))
    .map(({ name, contentType, path: file, body }) => {
      const place = placeOf({ name, contentType, path: file, body }, options);
      return { name, contentType, ...(place && { path: place.split(path.sep).join('/') }) };
    });
}

/** What each try of a check sent, the last one included. */
export const attemptsOf = (test: TestCase): { id: string; exchanges: Exchange[] }[] =>
  test.results.map((result) => ({ id: metaOf(test).id, exchanges: dataOf<Exchange>(result, 'exchanges') }));

/** One check, judged by its last run; the runs before it are counted as retries. */
export function collect(test: TestCase, options: CollectOptions): CheckResult {
  const declared = metaOf(test);
  const meta = options.profile ? inProfile(declared, options.profile) : declared;
  const result = test.results.at(-1);
  const annotations = [
    ...test.annotations,
    ...((result as { annotations?: typeof test.annotations } | undefined)?.annotations ?? []),
  ];
  const judgement = verdictOf({
    meta,
    status: result?.status ?? 'skipped',
    annotations,
    errors: result?.errors ?? [],
    strict: options.strict,
  });
  const fix = fixOf(meta.id, meta.fix, judgement.message);
  const known = annotations.findLast(({ type }) => type === 'known')?.description;
  const library = annotations.findLast(({ type }) => type === 'library')?.description;
  return {
    ...meta,
    otherwise: otherwiseOf(meta.id, meta.otherwise, judgement.message),
    ...(fix && { fix: remedyFor(fix, library) }),
    suite: meta.id.split('/')[0] as string,
    ...judgement,
    durationMs: Math.round(result?.duration ?? 0),
    startedAt: (result?.startTime ?? new Date()).toISOString(),
    file: path.relative(options.rootFolder, test.location.file).split(path.sep).join('/'),
    line: test.location.line,
    retries: Math.max(0, test.results.length - 1),
    steps: dataOf<Step>(result, 'steps'),
    exchanges: options.withoutExchanges ? [] : dataOf<Exchange>(result, 'exchanges'),
    log: dataOf<string>(result, 'target-log').map(plain),
    attachments: attachmentsOf(result, options),
    rerun: `${options.rerunPrefix} ${meta.id}`,
    ...(known !== undefined && { known }),
  };
}
