/** `show-report`, `open` and `completion`: what is at hand for the person at the keyboard. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { shippedCatalogue } from '../check/shipped-catalogue.ts';
import { ConformanceError } from '../errors.ts';
import { completionFor, SHELLS } from './completion.ts';
import { runningMocks } from './running-mocks.ts';

type Act = (body: (...args: never[]) => Promise<number | undefined>) => (...args: unknown[]) => Promise<void>;

/** Opens a file or address with whatever the desktop opens it with; without a desktop it is only told. */
function show(what: string): void {
  process.stdout.write(`${what}\n`);
  const desktop = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (process.env.CI || !process.stdout.isTTY || !desktop) return;
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', what]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', what]
        : ['xdg-open', what];
  const child = spawn(command as string, args, { detached: true, stdio: 'ignore' });
  child.on('error', () => {});
  child.unref();
}

/** Adds the verbs to the command line; `act` keeps the exit code. */
export function registerOpenCommands(program: Command, act: Act): void {
  program
    .command('show-report')
    .argument('[folder]', 'folder of the reports', 'conformance-results')
    .description('open the last report.html')
    .action(
      act(async (folder: string) => {
        const file = path.resolve(folder.endsWith('.html') ? folder : path.join(folder, 'report.html'));
        if (!existsSync(file)) {
          throw new ConformanceError({
            code: 'CONF_REPORT_MISSING',
            what: `there is no file ${file}`,
            expected: 'a folder that a run has written its reports to',
            remedy: 'run `npx authjs-conformance run` first, or name the folder of --out.',
          });
        }
        show(file);
        return 0;
      }),
    );
  program
    .command('open')
    .argument('<page>', 'inbox or dashboard')
    .description('open a page of the mocks that are running')
    .action(
      act(async (page: string) => {
        if (page !== 'inbox' && page !== 'dashboard')
          throw new ConformanceError({
            code: 'CONF_PAGE_UNKNOWN',
            what: `the mocks have no page "${page}"`,
            expected: '`open inbox` or `open dashboard`; reports are opened by `show-report`',
            remedy: 'name one of the two.',
          });
        const address = (await runningMocks())?.[page];
        if (!address)
          throw new ConformanceError({
            code: 'CONF_NO_MOCKS',
            what: 'no mocks are running',
            expected: '`open inbox` or `open dashboard` while `npx authjs-conformance mocks` runs',
            remedy: 'start them in another terminal: npx authjs-conformance mocks',
          });
        show(address);
        return 0;
      }),
    );
  program
    .command('completion')
    .argument('<shell>', SHELLS.join(', '))
    .description('print a completion script: commands, flags, suites and check ids')
    .action(
      act(async (shell: string) => {
        process.stdout.write(completionFor(shell, program, shippedCatalogue()));
        return 0;
      }),
    );
}
