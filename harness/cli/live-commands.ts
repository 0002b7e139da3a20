/** Verbs that have to do with a real Logto: capture, live setup and teardown, drift, record. */
import type { Command } from 'commander';
import type { LoadedConfig } from '../config/load-config.ts';

type Flags = Record<string, string | boolean | string[] | undefined>;
type Act = <Args extends unknown[]>(
  body: (...args: Args) => Promise<number | undefined>,
) => (...args: Args) => Promise<void>;

/** What the verbs share with `run`. */
export interface Shared {
  act: Act;
  /** Adds the flags of the config. */
  withFlags(command: Command): Command;
  load(flags: Flags): Promise<LoadedConfig>;
}

export function registerLiveCommands(program: Command, { act, withFlags, load }: Shared): void {
  const capture = program
    .command('capture')
    .description("receive one-time codes from a real Logto's http-sms connector");
  withFlags(
    capture.command('serve').description('serve the capture endpoint until Ctrl-C (docs/live.md)'),
  ).action(
    act(async (flags: Flags) => {
      const { config } = await load(flags);
      const { captureCommand } = await import('../live/codes/capture-command.ts');
      return captureCommand(config.live);
    }),
  );

  const live = program.command('live').description('prepare a tenant of a real Logto, and put it back');
  const state = ['--state <file>', 'state file (default: .authjs-conformance-live.json)'] as const;
  withFlags(
    live
      .command('setup')
      .description('make what a run needs at the tenant: shows a plan, asks, writes a state file')
      .option(...state)
      .option('--yes', 'do not ask')
      .option('--dry-run', 'only show the plan')
      .option('--redirect-uri <uri...>', 'redirect URIs of the app')
      .option('--endpoint <url>', 'address at which Logto reaches the capture endpoint')
      .option('--max-users <count>', 'people that a tenant may have (default: 100)')
      .option('--i-know', 'the tenant has more people than that, and is meant all the same'),
  ).action(
    act(async (flags: Flags) => {
      const { setupTenant } = await import('../live/setup/command.ts');
      return setupTenant(await load(flags), {
        state: flags.state as string | undefined,
        yes: Boolean(flags.yes),
        dryRun: Boolean(flags.dryRun),
        redirectUris: flags.redirectUri as string[] | undefined,
        endpoint: flags.endpoint as string | undefined,
        maxUsers: flags.maxUsers === undefined ? undefined : Number(flags.maxUsers),
        iKnow: Boolean(flags.iKnow),
      });
    }),
  );
  withFlags(
    live
      .command('teardown')
      .description('restore what a setup changed, and remove accounts that runs made')
      .option(...state),
  ).action(
    act(async (flags: Flags) => {
      const { teardownTenant } = await import('../live/setup/command.ts');
      return teardownTenant(await load(flags), { state: flags.state as string | undefined });
    }),
  );

  withFlags(
    program
      .command('drift')
      .description('compare a real Logto with the mock, and say whether the app works on the tenant')
      .option('--redirect-uri <uri>', 'redirect URI of the app')
      .option('--json', 'as JSON'),
  ).action(
    act(async (flags: Flags) => {
      const { driftCommand } = await import('../live/drift/command.ts');
      return driftCommand(await load(flags), {
        redirectUri: flags.redirectUri as string | undefined,
        json: Boolean(flags.json),
      });
    }),
  );

  withFlags(
    program
      .command('record')
      .description('write recordings of a real Logto, without their secrets')
      .requiredOption('--redirect-uri <uri>', 'a redirect URI of the application')
      .option('--to <folder>', 'folder of the recordings', 'logto-recordings')
      .option('--phone <number>', 'number that is signed up (default: one of fiction)'),
  ).action(
    act(async (flags: Flags) => {
      const { recordCommand } = await import('../live/record/command.ts');
      return recordCommand(await load(flags), {
        redirectUri: String(flags.redirectUri),
        to: String(flags.to),
        phone: flags.phone as string | undefined,
      });
    }),
  );
  program
    .command('replay')
    .argument('<folder>', 'recordings that `record` wrote')
    .description('drive the same flows at the mock, and tell what it answers otherwise')
    .action(act(async (folder: string) => (await import('../live/record/command.ts')).replayCommand(folder)));
}
