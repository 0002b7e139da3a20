/** `authjs-conformance init`: looks at an app, says what it found, writes a config and CI jobs. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pc from 'picocolors';
import { CONFIG_FILES } from '../config/defaults.ts';
import { loosenedBy } from '../config/loosened.ts';
import { ConformanceError } from '../errors.ts';
import { githubWorkflow, gitlabJob } from './ci.ts';
import { planFor } from './plan.ts';
import type { Plan } from './plan-type.ts';
import { configFileName, renderConfig } from './render.ts';

export interface InitOptions {
  /** Folder of the app. */
  folder: string;
  /** Says what would be written, writes nothing. */
  dryRun?: boolean;
  /** Replaces files that are there. */
  force?: boolean;
  /** CI systems to write a job for: `github`, `gitlab`. */
  ci?: readonly string[];
  /** Jobs that a run is divided among in CI (default 1). */
  shards?: number;
  print?: (line: string) => void;
}

export interface PlannedFile {
  /** Absolute path. */
  file: string;
  text: string;
}

const CI_SYSTEMS = ['github', 'gitlab', 'none'];

/**
 * Writes the config of an app. Asks nothing, so that it works in CI; writes all of its files or none.
 *
 * @returns 0
 * @throws ConformanceError CONF_FILE_EXISTS, CONF_PACKAGE_MISSING, CONF_AUTHJS_MISSING and others, with nothing written
 */
export function init(options: InitOptions): number {
  const print = options.print ?? ((line) => process.stdout.write(`${line}\n`));
  const systems = options.ci ?? ['github', 'gitlab'];
  const unknown = systems.find((name) => !CI_SYSTEMS.includes(name));
  if (unknown) {
    throw new ConformanceError({
      code: 'CONF_CI_UNKNOWN',
      what: `"${unknown}" is no CI system that init knows`,
      expected: `--ci with ${CI_SYSTEMS.join(', ')}, separated by commas`,
      remedy:
        'take one of them; any other CI runs `npx authjs-conformance run` and reads conformance-results/junit.xml.',
    });
  }
  const plan = planFor(path.resolve(options.folder));
  const files = plannedFiles(plan, systems, options.shards);
  if (!options.force && !options.dryRun) refuseToReplace(plan, files);
  sayPlan(plan, print);
  const relative = (file: string) => path.relative(process.cwd(), file) || file;
  if (options.dryRun) {
    for (const { file, text } of files)
      print(`\n${pc.bold(`${relative(file)} (not written)`)}\n${text.trimEnd()}`);
    return 0;
  }
  writeAll(files);
  print(`\n${pc.bold('Written')}`);
  for (const { file } of files) print(`  ${pc.green('✓')} ${relative(file)}`);
  sayNext(plan, systems, print);
  return 0;
}

/** Everything init would write. */
export function plannedFiles(
  plan: Plan,
  systems: readonly string[] = ['github', 'gitlab'],
  shards = 1,
): PlannedFile[] {
  const { folder } = plan.project;
  const config = configFileName(plan);
  const ignore = path.join(folder, '.gitignore');
  const ignored = existsSync(ignore) ? readFileSync(ignore, 'utf8') : '';
  return [
    { file: path.join(folder, config), text: renderConfig(plan, config) },
    ...(systems.includes('github') ? [githubWorkflow(plan.project, shards)] : []),
    ...(systems.includes('gitlab') ? [gitlabJob(plan.project, shards)] : []),
    ...(/^\/?conformance-results\/?$/m.test(ignored)
      ? []
      : [
          {
            file: ignore,
            text: `${ignored}${ignored && !ignored.endsWith('\n') ? '\n' : ''}conformance-results/\n`,
          },
        ]),
  ];
}

/** Files that are only added to may be there. */
const isAddedTo = (file: string) => path.basename(file) === '.gitignore';

function refuseToReplace({ project }: Plan, files: readonly PlannedFile[]): void {
  const configs = CONFIG_FILES.map((name) => path.join(project.folder, name));
  const there = [...new Set([...configs, ...files.map(({ file }) => file)])].filter(
    (file) => existsSync(file) && !isAddedTo(file),
  );
  if (there.length === 0) return;
  throw new ConformanceError({
    code: 'CONF_FILE_EXISTS',
    what: `there is already ${there.map((file) => path.relative(process.cwd(), file)).join(', ')}; nothing was written`,
    expected: 'an app that has none of the files that init writes',
    remedy: 'see what would be written with --dry-run, then replace them with --force, or remove them.',
  });
}

/** Writes every file beside its place first, so that a full disk or a missing right leaves nothing half-way. */
function writeAll(files: readonly PlannedFile[]): void {
  const staged: { from: string; to: string }[] = [];
  try {
    for (const { file, text } of files) {
      mkdirSync(path.dirname(file), { recursive: true });
      const from = `${file}.new-${process.pid}`;
      writeFileSync(from, text);
      staged.push({ from, to: file });
    }
  } catch (error) {
    for (const { from } of staged) rmSync(from, { force: true });
    throw new ConformanceError({
      code: 'CONF_WRITE_FAILED',
      what: `the files could not be written: ${(error as Error).message}; nothing was changed`,
      expected: 'a folder that can be written to',
      remedy: 'give yourself the right to write there, or make room.',
    });
  }
  for (const { from, to } of staged) renameSync(from, to);
}

function sayPlan({ project, config, found, guessed, missing }: Plan, print: (line: string) => void): void {
  print(`${pc.bold('Found')} in ${project.folder}`);
  for (const text of found) print(`  ${pc.green('✓')} ${text}`);
  if (guessed.length) print(`\n${pc.bold('Guessed')}, look at these`);
  for (const { key, text } of guessed) print(`  ${pc.yellow('?')} ${key}: ${text}`);
  const loosened = loosenedBy(config);
  if (loosened.length) print(`\n${pc.bold('Loosened by this config')}, the report will say so, too`);
  for (const { key, what } of loosened) print(`  ${pc.yellow('!')} ${key}: ${what}`);
  if (missing.length) print(`\n${pc.bold('For you to fill in')}`);
  for (const { key, text } of missing) print(`  ${pc.red('!')} ${key}: ${text}`);
}

function sayNext({ project }: Plan, systems: readonly string[], print: (line: string) => void): void {
  print(`\n${pc.bold('Next')}`);
  if (!project.installed)
    print('  npm install --save-dev authjs-conformance   (with your package manager; pins the version)');
  print('  npx authjs-conformance doctor               walks through the settings');
  print('  npx authjs-conformance run                  certifies the app');
  if (systems.includes('gitlab'))
    print(`  in .gitlab-ci.yml, add  include: [{ local: ${gitlabJob(project).include} }]`);
}
