/** The flags that say which app is judged and how: each is a setting of the config. */
import { type Command, Option } from 'commander';
import { fallbackFor } from '../config/defaults.ts';
import { type LoadedConfig, loadConfig } from '../config/load-config.ts';
import { settings } from '../config/settings.ts';

/** Flag → key path of the config; the texts come from the schema. */
const FLAGS: Record<string, string> = {
  '--url <origin>': 'target.url',
  '--command <command>': 'target.command',
  '--prepare <command>': 'target.prepare',
  '--cwd <folder>': 'target.cwd',
  '--name <name>': 'target.name',
  '--port <port>': 'target.port',
  '--https': 'target.https',
  '--base-path <path>': 'target.basePath',
  '--provider <id>': 'target.provider',
  '--issuer <url>': 'live.issuer',
  '--code-from <source>': 'live.codeFrom',
  '--capture <url>': 'live.capture.url',
  '--capture-port <port>': 'live.capture.port',
  '--people <file>': 'live.people',
  '--allow-sign-up': 'live.allowSignUp',
  '--pace <requests>': 'live.pace',
  '--replace-issuer <url>': 'target.issuer',
  '--client-id <id>': 'target.clientId',
  '--client-secret <secret>': 'target.clientSecret',
  '--ready-timeout <seconds>': 'target.readyTimeout',
  '--also <file>': 'also',
  '--features <list>': 'features',
  '--scopes <list>': 'scopes',
  '--sign-in-experience <preset>': 'signInExperience',
  '--experiences <list>': 'experiences',
  '--connector <package>': 'connector.package',
  '--connector-config <file>': 'connector.config',
  '--browser <path>': 'browser',
  '--workers <count>': 'workers',
  '--timeout <seconds>': 'timeout',
  '--profile <name>': 'certification.profile',
  '--strict': 'strict',
  '--out <folder>': 'out',
  '--reporter <list>': 'reporters',
  '--known-failures <file>': 'knownFailures',
};

const optionName = (flag: string) =>
  flag
    .replace(/^--/, '')
    .split(' ')[0]
    ?.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()) as string;

export function withTargetFlags(command: Command): Command {
  const described = new Map(settings().map(({ path: key, schema }) => [key, schema.description ?? '']));
  command.addOption(new Option('-c, --config <file>', 'config file (default: conformance.config.* here)'));
  for (const [flag, key] of Object.entries(FLAGS)) command.addOption(new Option(flag, described.get(key)));
  return command;
}

export type Flags = Record<string, string | boolean | undefined>;

/** Loads the config that the flags describe. */
export const load = (flags: Flags): Promise<LoadedConfig> =>
  loadConfig({
    file: flags.config as string | undefined,
    flags: Object.fromEntries(Object.entries(FLAGS).map(([flag, key]) => [key, flags[optionName(flag)]])),
    fallback: fallbackFor(process.cwd()),
  });

/** The flags that chose the target, as they were typed, for "run it again" commands. */
export function typed(flags: Flags): string {
  const quote = (text: string) =>
    /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  const names = {
    config: 'config',
    ...Object.fromEntries(Object.keys(FLAGS).map((flag) => [optionName(flag), flag.slice(2).split(' ')[0]])),
  };
  return Object.entries(names)
    .filter(([name]) => !['out', 'reporter', 'workers'].includes(name))
    .flatMap(([name, flag]) => {
      const value = flags[name];
      if (value === undefined) return [];
      return value === true
        ? [`--${flag}`]
        : [`--${flag} ${quote(name === 'clientSecret' ? '…' : String(value))}`];
    })
    .join(' ');
}
