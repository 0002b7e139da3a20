/** The command line: verbs, flags, exit codes. One place prints, one place exits. */
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { guardOutput, writeCommands } from '../../reports/visible.ts';
import { fallbackFor, VERSION } from '../config/defaults.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { ConfigError } from '../config/parse-config.ts';
import { ConformanceError } from '../errors.ts';
import { foreseen } from '../run/foreseen.ts';
import type { Watched } from '../run/run.ts';
import type { RunOptions } from '../run/run-options.ts';
import { commandLineError } from './command-line-errors.ts';
import { registerLiveCommands } from './live-commands.ts';
import { registerOpenCommands } from './open-commands.ts';
import { registerReportCommands } from './report-commands.ts';
import { count, type RunFlags, runFlagsOf, withRunFlags } from './run-flags.ts';
import { type Flags, load, typed, withTargetFlags } from './target-flags.ts';

/**
 * Runs the command line.
 *
 * @param argv `process.argv`
 * @returns the exit code: 0 conformant, 1 not conformant, 2 could not be judged
 */
export async function main(argv: string[]): Promise<number> {
  let exitCode = 0;
  // `| head` closes the pipe: that is no error of anybody's, and what was asked for is still found out.
  // Exit code 1 says that the app broke a must; what is thrown behind our back says nothing of it.
  const unforeseen = (error: Error) => {
    process.stderr.write(`\n${foreseen(error).message}\n`);
    process.exit(2);
  };
  for (const stream of [process.stdout, process.stderr]) guardOutput(stream);
  process.on('uncaughtException', unforeseen);
  // A terminal that was closed: what was learned is still written.
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exit(2);
  });
  const program = new Command('authjs-conformance')
    .description('Certifies apps that sign people in with Auth.js through Logto by phone one-time code.')
    .version(VERSION)
    .exitOverride()
    // Its errors are told below, like all others.
    .configureOutput({ outputError: () => {} });
  const act =
    <Args extends unknown[]>(body: (...args: Args) => Promise<number | undefined>) =>
    async (...args: Args) => {
      exitCode = (await body(...args)) ?? 0;
    };

  withTargetFlags(
    withRunFlags(
      program
        .command('run', { isDefault: true })
        .argument('[select...]', 'check ids, suites, clauses, @level or @severity')
        .description('certify an app and write the reports')
        .option('--sign <key>', 'sign report.json with a private key, PEM or JWK')
        .option('--write-known-failures <file>', 'write every failure into a known-failures file')
        .option('--quick', 'only one healthy sign-in, which proves the wiring')
        .option('--shard <i/n>', 'run one part of the catalogue, to be merged')
        .option('--ui', "serve Playwright's UI mode to a browser tab")
        .option('--headed', 'show the browser')
        .option('--debug', "open Playwright's inspector"),
    ),
  ).action(
    act(async (select: string[], flags: Flags) => {
      if (!flags.watch) return runOnce(flags, askedBy(select, flags));
      const asked = { ...askedBy(select, flags), failedBefore: [] };
      const { watched } = await import('./watched.ts');
      return watched({
        folder: path.dirname(path.resolve((flags.config as string | undefined) ?? 'conformance.config.ts')),
        options: asked,
        once: (onLoad, more, out) => runOnce(flags, asked, { onLoad, more, out }),
      });
    }),
  );

  const askedBy = (select: string[], flags: Flags): RunOptions => ({
    select,
    quick: Boolean(flags.quick),
    shard: flags.shard as string | undefined,
    mode: (['ui', 'headed', 'debug'] as const).find((name) => flags[name]),
    ...runFlagsOf(flags as RunFlags),
    signKey: flags.sign as string | undefined,
    writeKnownFailures: flags.writeKnownFailures as string | undefined,
    targetFlags: typed(flags),
    commands: program.commands.map((command) => command.name()),
  });

  /** @param watch.out folder of the reports of the last run, when there was one */
  async function runOnce(
    flags: Flags,
    asked: RunOptions,
    watch: { onLoad?(loaded: LoadedConfig): void; more?: Watched; out?: string } = {},
  ): Promise<0 | 1 | 2> {
    const loaded = await load(flags).catch(async (error: unknown) => {
      // A config that cannot be read must not leave an older, green report in place, where its folder is known.
      const named =
        (flags.out as string | undefined) ?? (error instanceof ConfigError ? error.out : undefined);
      const { writeUnstarted } = await import('../run/unstarted.ts');
      await writeUnstarted(foreseen(error), named ?? watch.out, asked);
      throw error;
    });
    watch.onLoad?.(loaded);
    tellFallback(loaded, flags);
    const { run } = await import('../run/run.ts');
    return run(loaded, asked, watch.more);
  }

  /** Who named no config is told whose app is certified, before they take its verdict for one of their own. */
  function tellFallback({ file, folder }: LoadedConfig, flags: Flags): void {
    if (flags.config || file === undefined || file !== fallbackFor(process.cwd())) return;
    if (folder === process.cwd()) return;
    process.stdout.write(
      `no conformance.config.* here: certifying the bundled app in ${path.relative(process.cwd(), folder)}\n`,
    );
  }

  withTargetFlags(
    program
      .command('doctor')
      .description('walk through every setting and one healthy sign-in, and name what is wrong')
      .option('--json', 'print the diagnosis as JSON'),
  ).action(
    act(async (flags: Flags) => {
      const { doctor, unreadable } = await import('../doctor/command.ts');
      const json = Boolean(flags.json);
      try {
        return await doctor(await load(flags), { json });
      } catch (error) {
        if (!json || !(error instanceof ConformanceError)) throw error;
        process.stdout.write(`${JSON.stringify(unreadable(error), null, 2)}\n`);
        return 2;
      }
    }),
  );

  program
    .command('init')
    .description('look at the app in this folder, write its config and CI jobs, and say what was found')
    .option('--cwd <folder>', 'folder of the app', '.')
    .option('--dry-run', 'show what would be written')
    .option('--force', 'replace files that are there')
    .option('--ci <list>', 'CI systems to write a job for: github, gitlab or none', 'github,gitlab')
    .option('--shards <count>', 'CI jobs that a run is divided among; one more joins their reports', count)
    .action(
      act(async (flags: Flags) => {
        const { init } = await import('../init/command.ts');
        return init({
          folder: String(flags.cwd),
          dryRun: Boolean(flags.dryRun),
          force: Boolean(flags.force),
          ci: String(flags.ci).split(','),
          shards: flags.shards as unknown as number | undefined,
        });
      }),
    );

  registerReportCommands(program, act as never);
  registerOpenCommands(program, act as never);
  registerLiveCommands(program, { act: act as never, withFlags: withTargetFlags, load: load as never });

  program
    .command('known')
    .description('work on a file of known failures')
    .command('resolve')
    .argument('<file>', 'known-failures file')
    .option('--report <file>', 'report.json, or its folder: take only what fails there')
    .description('replace ids with * by the ids that they stand for today')
    .action(
      act(async (file: string, flags: Flags) => {
        const { resolveKnownFailures } = await import('../check/known-globs.ts');
        const { text } = await resolveKnownFailures(file, flags.report as string | undefined);
        process.stdout.write(text);
        return 0;
      }),
    );

  program
    .command('connector')
    .argument('<config>', 'connector config, as it is pasted into Logto')
    .option('--connector <package>', 'connector package or path', '@logto/connector-twilio-sms')
    .option('--fix', 'write the safe corrections into the file')
    .option('--format <format>', 'table, json, junit, sarif or github', 'table')
    .option('--no-dynamic', 'judge without sending')
    .option('--carrier-answer <file>', 'JSON file with the answer of the carrier of an own connector')
    .option('--patience <seconds>', 'seconds that a connector may wait for a silent carrier')
    .description('certify an SMS connector config: its guard, its templates, its behaviour')
    .action(
      act(async (file: string, flags: Flags) => {
        const { connectorCommand } = await import('../connector/command.ts');
        const colour = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;
        const { text, exitCode } = await connectorCommand(file, { ...(flags as object), colour });
        if (flags.format === 'github') writeCommands(process.stdout, text);
        else process.stdout.write(text);
        return exitCode;
      }),
    );

  program
    .command('mocks')
    .description('serve the Logto and Twilio mocks for development')
    .option('--port <port>', 'port of the Logto mock', '0')
    .option('--carrier-port <port>', 'port of the Twilio mock', '0')
    .option('--control-port <port>', 'port of the control server', '0')
    .option('--host <address>', 'address to bind to', '127.0.0.1')
    .option(
      '--allow-host <name...>',
      'host names beside this machine by which the mocks are asked, and which they ask',
    )
    .option('--redirect-uri <uri...>', 'redirect URIs of the app', [
      'http://localhost:3000/api/auth/callback/logto',
    ])
    .option(
      '--post-logout-redirect-uri <uri...>',
      "where Logto may lead after a sign-out (default: the home pages of the redirect URIs' origins)",
    )
    .option('--client-id <id>', 'client id of the app', 'conformance-app')
    .option('--client-secret <secret>', 'client secret of the app', 'conformance-client-secret-0000001')
    .option('--m2m-id <id>', 'id of a machine-to-machine application that may use the Management API')
    .option('--m2m-secret <secret>', 'its secret')
    .option('--connector <package>', 'SMS connector package or path')
    .option('--connector-config <file>', 'connector config, a JSON file')
    .option('--sign-in-experience <preset>', 'how people get in: a preset, or a JSON file')
    .option('--people <file>', 'people whom Logto knows, a JSON file: phone, name, claims, roles')
    .action(act(async (flags: Flags) => (await import('./serve-mocks.ts')).serveMocks(flags)));

  program
    .command('list')
    .argument('[select...]', 'as for run')
    .option('--json', 'as JSON')
    .option('--by <source>', 'the duties of a source of the ledger, such as asvs, with their checks')
    .description('list the checks')
    .action(
      act(async (select: string[], flags: Flags) => {
        const catalogue = await import('../check/catalogue.ts');
        if (flags.by) return catalogue.listBy(String(flags.by), select, Boolean(flags.json));
        return catalogue.list(select, Boolean(flags.json));
      }),
    );

  program
    .command('explain')
    .argument('<id>', 'check id')
    .description('say what a check demands, why, by which clause, and how to mend it')
    .action(
      act(async (id: string) => {
        const { explanation } = await import('../check/explain.ts');
        process.stdout.write(await explanation(id));
        return 0;
      }),
    );

  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    const isRefusal = error instanceof CommanderError;
    // `--help`, `--version`, and a bare command whose help was printed.
    if (isRefusal && (error.exitCode === 0 || error.code === 'commander.help')) return error.exitCode ? 2 : 0;
    process.stderr.write(`\n${(isRefusal ? commandLineError(error) : foreseen(error)).message}\n`);
    return 2;
  } finally {
    process.off('uncaughtException', unforeseen);
  }
}
