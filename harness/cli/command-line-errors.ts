/** What commander refuses, in the three lines of every other error. */
import type { CommanderError } from 'commander';
import { ConformanceError } from '../errors.ts';

const EXPECTED: Record<string, string> = {
  'commander.unknownOption': 'a flag that --help lists',
  'commander.unknownCommand': 'a command that --help lists',
  'commander.missingArgument': 'every argument that --help lists without brackets',
  'commander.optionMissingArgument': 'a value after the flag',
  'commander.missingMandatoryOptionValue': 'the flag, which this command cannot do without',
  'commander.excessArguments': 'no more arguments than --help lists',
};

/** `error: unknown option '--comand'\n(Did you mean --command?)` as a ConformanceError, CONF_COMMAND_LINE. */
export function commandLineError({ code, message }: CommanderError): ConformanceError {
  const [what = '', ...hints] = message
    .replace(/^error: /, '')
    .split('\n')
    .map((line) => line.trim());
  const hint = hints.join(' ').replace(/^\(?D/, 'd').replace(/\)$/, '');
  return new ConformanceError({
    code: 'CONF_COMMAND_LINE',
    what,
    expected: EXPECTED[code] ?? 'what --help lists',
    remedy: hint || 'see --help after the command.',
  });
}

/**
 * A port from the command line.
 *
 * @param flag as it is typed, for the message
 * @returns 0 to 65535, where 0 takes a free one
 * @throws ConformanceError CONF_PORT_INVALID
 */
export function readPort(flag: string, text: unknown): number {
  const port = /^\d{1,5}$/.test(String(text)) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new ConformanceError({
    code: 'CONF_PORT_INVALID',
    what: `"${text}" is no port`,
    expected: `a number from 0 to 65535, where 0 takes a free port (${flag})`,
    remedy: `correct the number, or leave ${flag} out.`,
  });
}
