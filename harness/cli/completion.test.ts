import { execFileSync } from 'node:child_process';
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { completionFor } from './completion.ts';

const program = new Command('authjs-conformance');
program.command('run').description("it's the run").option('--retries <count>', 'again').option('-x', 'stop');
program.command('doctor').description('wiring');
const checks = [
  { id: 'redirect/pkce', title: 't', clauses: [], level: 'must' as const, severity: 'serious' as const },
];
const complete = (...words: string[]) =>
  execFileSync(
    'bash',
    [
      '-c',
      `eval "$(cat)"; COMP_WORDS=(authjs-conformance ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _authjs_conformance; echo "\${COMPREPLY[@]}"`,
    ],
    { input: completionFor('bash', program, checks), encoding: 'utf8' },
  ).trim();

it('completes commands, flags and checks in bash', () => {
  expect(complete('do')).toBe('doctor');
  expect(complete('run', '--re')).toBe('--retries');
  expect(complete('run', 'redirect/')).toBe('redirect/pkce');
});
it('is made for zsh and fish, and refuses other shells', () => {
  expect(completionFor('zsh', program, checks)).toContain('#compdef authjs-conformance');
  expect(completionFor('fish', program, checks)).toContain("-l retries -d 'again'");
  expect(() => completionFor('tcsh', program, checks)).toThrow(/CONF_SHELL_UNKNOWN/);
});
