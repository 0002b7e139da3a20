/** `authjs-conformance doctor`: every setting with its origin, then the wiring step by step. */
import path from 'node:path';
import pc from 'picocolors';
import type { AdvisoryNote, Loosened, UsageRow } from '../../reports/model.ts';
import { advisoriesOf } from '../advisories/affected.ts';
import { tellAdvisories } from '../advisories/tell.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { loosenedBy } from '../config/loosened.ts';
import { environmentName } from '../config/settings.ts';
import { leaves } from '../config/tree.ts';
import { ConformanceError, type ConformanceErrorParts } from '../errors.ts';
import { discoverySummary } from '../lab/discovery-summary.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { usageRows } from '../lab/usage.ts';
import { endMarked } from '../machine/marked-processes.js';
import { closePlaces } from '../machine/place.ts';
import { RUN_MARK } from '../machine/run-mark.ts';
import { exitCodeOf, onSignals } from '../machine/signals.ts';
import { createTargetLog } from '../targets/target-log.ts';
import { explain, isExplained } from './explain.ts';
import { healthySignIn } from './healthy-sign-in.ts';

export interface Setting {
  key: string;
  value: unknown;
  origin: 'default' | 'file' | 'environment' | 'flag';
  /** The file, variable or flag that set it. */
  from?: string;
}

export interface Diagnosis {
  /** `fine`; `findings` name what to mend; `not judged` when the cause was not found out. */
  result: 'fine' | 'findings' | 'not judged';
  exitCode: 0 | 1 | 2;
  settings: Setting[];
  /** What is right, and what is not, in the order it was looked at. */
  steps: { ok: boolean; text: string }[];
  findings: ConformanceErrorParts[];
  /** Published advisories of the versions that the app's lock file holds; they change no exit code. */
  advisories?: AdvisoryNote[];
  /** What the config claims, what the smoke sign-in showed, what would be judged; missing when there was no lab. */
  usage?: UsageRow[];
  /** What the config loosens. */
  loosened: Loosened[];
}

export interface DoctorOptions {
  /** Prints the diagnosis as JSON, and nothing else. */
  json?: boolean;
  print?: (line: string) => void;
}

const SECRET = /secret|token|password/i;

const valueAt = (tree: unknown, key: string): unknown =>
  key.split('.').reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], tree);

/** Every setting with its value (secrets are hidden) and where it came from. */
export const settingsOf = ({ config, origins, file }: LoadedConfig): Setting[] =>
  leaves(config).map((key) => {
    const origin = origins[key] ?? 'default';
    const from = { default: undefined, file, environment: environmentName(key), flag: undefined }[origin];
    return {
      key,
      value: SECRET.test(key) ? '‹hidden›' : valueAt(config, key),
      origin,
      ...(from && { from }),
    };
  });

/**
 * Looks at a config and the app it names, without printing.
 *
 * @param progress told what is going on, and each step as it is done
 */
export async function diagnose(
  loaded: LoadedConfig,
  progress: { doing?: (text: string) => void; step?: (step: { ok: boolean; text: string }) => void } = {},
): Promise<Diagnosis> {
  const steps: Diagnosis['steps'] = [];
  const findings: ConformanceErrorParts[] = [];
  const note = (ok: boolean, text: string) => {
    steps.push({ ok, text });
    progress.step?.({ ok, text });
  };
  const log = createTargetLog();
  let lab: Lab | undefined;
  const off = onSignals((signal) => {
    endMarked(RUN_MARK);
    closePlaces();
    process.exit(exitCodeOf(signal));
  });
  let usage: UsageRow[] | undefined;
  try {
    lab = await startLab(loaded, { progress: progress.doing, log });
    for (const line of discoverySummary(lab.description)) note(true, line);
    const smoke = await healthySignIn(lab, loaded);
    for (const step of smoke.steps) {
      note(step.ok, step.text);
      if (step.finding) findings.push(step.finding);
    }
    usage = usageRows(loaded.config.features, smoke.usage);
  } catch (error) {
    if (!(error instanceof ConformanceError)) throw error;
    const { parts } = await explain(error, loaded, log.tail(200));
    note(false, parts.what);
    findings.push(parts);
  } finally {
    await lab?.stop();
    off();
  }
  const exitCode = findings.length === 0 ? 0 : findings.every(isExplained) ? 1 : 2;
  return {
    result: (['fine', 'findings', 'not judged'] as const)[exitCode],
    exitCode,
    settings: settingsOf(loaded),
    steps,
    findings: findings.map((finding) => ({ ...finding, remedy: withoutDoctor(finding.remedy) })),
    advisories: advisoriesIn(loaded),
    ...(usage && { usage }),
    loosened: loosenedBy(loaded.config),
  };
}

/** None for an app that runs elsewhere. */
const advisoriesIn = ({ config, folder }: LoadedConfig): AdvisoryNote[] =>
  config.target.command ? advisoriesOf(path.resolve(folder, config.target.cwd ?? '.')) : [];

/**
 * Walks through a config; prints what it finds.
 *
 * @returns 0 when a healthy sign-in works, 1 when something to mend was found, 2 when the cause was not found out
 */
export async function doctor(loaded: LoadedConfig, options: DoctorOptions = {}): Promise<number> {
  const print = options.print ?? ((line) => process.stdout.write(`${line}\n`));
  if (options.json) {
    const diagnosis = await diagnose(loaded);
    print(JSON.stringify(diagnosis, null, 2));
    return diagnosis.exitCode;
  }
  print(pc.bold(`Settings${loaded.file ? `, from ${loaded.file}` : ''}`));
  for (const { key, value, origin, from } of settingsOf(loaded)) {
    const where = origin === 'environment' ? `environment ${from}` : origin;
    print(
      `  ${key.padEnd(28)} ${typeof value === 'string' ? value : JSON.stringify(value)}  ${pc.dim(`(${where})`)}`,
    );
  }
  print(`\n${pc.bold('Wiring')}`);
  const {
    exitCode,
    findings,
    advisories = [],
    usage,
    loosened,
  } = await diagnose(loaded, {
    doing: (text) => print(pc.dim(`  … ${text}`)),
    step: ({ ok, text }) => print(ok ? `  ${pc.green('✓')} ${text}` : `  ${pc.red('✗')} ${text}`),
  });
  if (usage) {
    print(`\n${pc.bold('Seen, claimed, judged')}`);
    for (const { feature, seen, claimed, judged, note } of usage)
      print(
        `  ${feature.padEnd(20)} ${`seen: ${seen}`.padEnd(15)} ${`claimed: ${claimed}`.padEnd(16)} ${judged ? 'judged' : 'not judged'}${note ? pc.dim(`  (${note})`) : ''}`,
      );
    for (const { finding } of usage) if (finding) print(`\n${finding.what}\n${told(finding)}`);
  }
  if (loosened.length) print(`\n${pc.bold('Loosened by your config')}`);
  for (const { key, what } of loosened) print(`  ${pc.yellow('!')} ${key}: ${what}`);
  for (const finding of findings) print(`\n${told(finding)}`);
  if (advisories.length) print(`\n${pc.bold('Published advisories')}`);
  for (const line of tellAdvisories(advisories)) print(line);
  print(
    findings.length
      ? `\n${pc.red('Mend the first finding, then run doctor again.')}`
      : `\n${pc.green('All is well: `npx authjs-conformance run` will judge the app.')}`,
  );
  return exitCode;
}

/** The diagnosis when the config itself cannot be read. */
export const unreadable = ({ parts }: ConformanceError): Diagnosis => ({
  result: 'not judged',
  exitCode: 2,
  settings: [],
  steps: [],
  findings: [parts],
  loosened: [],
});

/** A finding as it is printed; the step above it has said what is wrong. */
const told = ({ code, key, expected, remedy }: ConformanceErrorParts): string =>
  [
    `${pc.red(code)}${key ? `  ${pc.bold(key)}` : ''}`,
    `  Expected: ${expected}`,
    `  Do: ${withoutDoctor(remedy)}`,
  ].join('\n');

/** Whoever runs doctor is not told to. */
export const withoutDoctor = (remedy: string): string =>
  remedy.replace(/,? or run `npx authjs-conformance doctor`[^.]*\./, '; they name the cause.');
