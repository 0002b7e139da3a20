/** Verbs for reports that exist: render again, join shards, compare, sign, verify. */
import type { Command } from 'commander';
import type { Outcome } from '../../reports/commands.ts';
import { ReportError } from '../../reports/report-error.ts';
import { allLaws } from '../check/all-laws.ts';
import { ConformanceError } from '../errors.ts';

type Act = (body: (...args: never[]) => Promise<number | undefined>) => (...args: unknown[]) => Promise<void>;

interface StoreFlags {
  store: string;
  appVersion: string;
  deployed?: string;
}

const list = (text?: string) => text?.split(',').map((name) => name.trim());

/** Prints what a command has to say; its errors become the harness's own. */
async function told(work: () => Promise<Outcome> | Outcome): Promise<number> {
  try {
    const { text, exitCode } = await work();
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    return exitCode;
  } catch (error) {
    if (error instanceof ReportError) throw new ConformanceError(error.parts);
    throw error;
  }
}

const terminal = () => ({
  width: process.stdout.columns,
  colour: Boolean(process.stdout.isTTY) && !process.env.NO_COLOR,
});

/** Adds the verbs to the command line; `act` keeps the exit code. */
export function registerReportCommands(program: Command, act: Act): void {
  const commands = () => import('../../reports/commands.ts');
  program
    .command('report')
    .argument('<file>', 'report.json, or its folder')
    .option('--reporter <list>', 'reports to write')
    .option('--out <folder>', 'folder to write them to')
    .description('print a report again, and write it in other formats')
    .action(
      act(async (file: string, flags: { reporter?: string; out?: string }) =>
        told(async () =>
          (await commands()).renderAgain(file, {
            reporters: list(flags.reporter),
            out: flags.out,
            ...terminal(),
          }),
        ),
      ),
    );
  program
    .command('merge')
    .argument('<files...>', 'report.json files of shards, or their folders')
    .option('--out <folder>', 'folder to write to', 'conformance-results')
    .option('--reporter <list>', 'reports to write', 'junit,html')
    .description('join the reports of shards')
    .action(
      act(async (files: string[], flags: { reporter?: string; out: string }) =>
        told(async () =>
          (await commands()).merge(
            files,
            { out: flags.out, reporters: list(flags.reporter), ...terminal() },
            await allLaws(),
          ),
        ),
      ),
    );
  program
    .command('judge')
    .argument('<file>', 'report.json, or its folder')
    .option('--reporter <list>', 'reports to write beside it')
    .option('--out <folder>', 'folder to write them to')
    .description('judge the history in a report again, by the laws of this version')
    .action(
      act(async (file: string, flags: { reporter?: string; out?: string }) =>
        told(async () =>
          (await commands()).judge(file, await allLaws(), {
            reporters: list(flags.reporter),
            out: flags.out,
            ...terminal(),
          }),
        ),
      ),
    );
  program
    .command('diff')
    .argument('<before>')
    .argument('<after>')
    .option('--json', 'as JSON')
    .description('say what got better or worse; exits 1 on a regression')
    .action(
      act(async (before: string, after: string, flags: { json?: boolean }) =>
        told(async () =>
          (await commands()).diff(before, after, { json: flags.json, colour: terminal().colour }),
        ),
      ),
    );
  program
    .command('comment')
    .argument('<after>', 'report.json of the pull request, or its folder')
    .option('--since <file>', 'report.json of the base branch, or its folder')
    .description('print the one comment of a pull request: new, fixed, still failing')
    .action(
      act(async (after: string, flags: { since?: string }) =>
        told(async () => (await commands()).comment(after, flags.since)),
      ),
    );
  const store = program.command('store').description('keep results by version and environment, in a folder');
  const inStore = (command: Command) =>
    command
      .requiredOption('--app-version <version>', 'version of the app, such as its commit')
      .option('--store <folder>', 'folder of the store', 'conformance-store');
  inStore(
    store
      .command('record')
      .argument('<report>', 'report.json, or its folder')
      .option('--deployed <environment>', 'remember that this version is there now')
      .description('keep the result of a version'),
  ).action(
    act(async (place: string, flags: StoreFlags) =>
      told(async () => (await commands()).record(place, flags)),
    ),
  );
  inStore(
    program
      .command('can-deploy')
      .argument('<app>', 'name of the app, as in its reports')
      .requiredOption('--to <environment>', 'where it is to go')
      .description('say whether a version may go somewhere; exits 0, 1, or 2 when nothing is known'),
  ).action(
    act(async (app: string, flags: StoreFlags & { to: string }) =>
      told(async () => (await commands()).mayDeploy(app, flags)),
    ),
  );
  program
    .command('sign')
    .argument('<file>', 'report.json, or its folder')
    .requiredOption('--key <file>', 'private key, PEM or JWK')
    .description('sign a report; writes report.json.jws')
    .action(
      act(async (file: string, flags: { key: string }) =>
        told(async () => (await commands()).sign(file, flags.key)),
      ),
    );
  program
    .command('verify')
    .argument('<file>', 'report.json, or its folder')
    .option('--key <file>', 'public key that you trust, PEM or JWK')
    .option('--thumbprint <text>', 'RFC 7638 thumbprint of the key that you trust')
    .description('check the signature of a report')
    .action(
      act(async (file: string, flags: { key?: string; thumbprint?: string }) =>
        told(async () => (await commands()).verify(file, flags)),
      ),
    );
}
