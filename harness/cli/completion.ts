/** Completion scripts for shells, made from the commands themselves and the catalogue. Pure. */
import type { Command } from 'commander';
import type { Selectable } from '../check/shipped-catalogue.ts';
import { ConformanceError } from '../errors.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

const NAME = 'authjs-conformance';
/** Commands that take ids, suites and tags. */
const SELECTING = ['run', 'list', 'explain'];

const flagsOf = (command: Command) =>
  command.options.flatMap(({ long, short }) => [long, short].filter((flag) => flag !== undefined));

/** What may be selected: suites, levels, severities, ids. */
const selectors = (checks: readonly Selectable[]) => [
  ...new Set(checks.map(({ id }) => id.split('/')[0] as string)),
  ...['must', 'should', 'may', 'critical', 'serious', 'moderate', 'minor'].map((tag) => `@${tag}`),
  ...checks.map(({ id }) => id),
];

const bash = (
  program: Command,
  checks: readonly Selectable[],
) => `# authjs-conformance completion bash > /etc/bash_completion.d/${NAME}
_authjs_conformance() {
  local word="\${COMP_WORDS[COMP_CWORD]}" command="\${COMP_WORDS[1]}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${program.commands.map((command) => command.name()).join(' ')} --help --version" -- "$word"))
    return
  fi
  case "$command" in
${program.commands
  .map(
    (command) =>
      `    ${command.name()}) local flags="${flagsOf(command).join(' ')}"; [[ "$word" == -* ]] && COMPREPLY=($(compgen -W "$flags" -- "$word"))${SELECTING.includes(command.name()) ? ` || COMPREPLY=($(compgen -W "${selectors(checks).join(' ')}" -- "$word"))` : ''} ;;`,
  )
  .join('\n')}
  esac
}
complete -o default -F _authjs_conformance ${NAME}
`;

const zsh = (program: Command, checks: readonly Selectable[]) => `#compdef ${NAME}
# authjs-conformance completion zsh > "\${fpath[1]}/_${NAME}"
autoload -U +X bashcompinit && bashcompinit
${bash(program, checks)}`;

const quoted = (text: string) => `'${text.replaceAll("'", "\\'")}'`;

const fish = (program: Command, checks: readonly Selectable[]) =>
  [
    `# authjs-conformance completion fish > ~/.config/fish/completions/${NAME}.fish`,
    ...program.commands.map(
      (command) =>
        `complete -c ${NAME} -n __fish_use_subcommand -a ${command.name()} -d ${quoted(command.description())}`,
    ),
    ...program.commands.flatMap((command) =>
      command.options.map(
        ({ long, short, description }) =>
          `complete -c ${NAME} -n '__fish_seen_subcommand_from ${command.name()}'${long ? ` -l ${long.slice(2)}` : ''}${short ? ` -s ${short.slice(1)}` : ''} -d ${quoted(description)}`,
      ),
    ),
    `complete -c ${NAME} -n '__fish_seen_subcommand_from ${SELECTING.join(' ')}' -a ${quoted(selectors(checks).join(' '))}`,
    '',
  ].join('\n');

/** @throws ConformanceError CONF_SHELL_UNKNOWN */
export function completionFor(shell: string, program: Command, checks: readonly Selectable[]): string {
  const make = { bash, zsh, fish }[shell];
  if (make) return make(program, checks);
  throw new ConformanceError({
    code: 'CONF_SHELL_UNKNOWN',
    what: `there is no completion for "${shell}"`,
    expected: SHELLS.join(', '),
    remedy: 'name the shell that you use: echo $SHELL',
  });
}
