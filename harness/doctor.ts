/** `authjs-conformance doctor`: every setting with its origin, then the wiring step by step. */
import pc from 'picocolors';
import { ConformanceError } from './errors.ts';
import { type Lab, startLab } from './lab.ts';
import type { LoadedConfig } from './load-config.ts';
import { leaves } from './load-config.ts';
import { smoke } from './run.ts';
import { discoverySummary } from './targets/probe.ts';

const SECRET = /secret|token|password/i;

const valueAt = (tree: unknown, key: string): unknown =>
  key.split('.').reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], tree);

/** A value as it is shown: secrets are not. */
const shown = (key: string, value: unknown): string =>
  SECRET.test(key) ? '‹hidden›' : typeof value === 'string' ? value : JSON.stringify(value);

/**
 * Walks through a config; prints what it finds.
 *
 * @returns 0 when a healthy sign-in works, else 2
 */
export async function doctor(
  loaded: LoadedConfig,
  print: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Promise<number> {
  print(pc.bold('Settings'));
  for (const key of leaves(loaded.config)) {
    print(
      `  ${key.padEnd(28)} ${shown(key, valueAt(loaded.config, key))}  ${pc.dim(`(${loaded.origins[key] ?? 'default'})`)}`,
    );
  }
  print(`\n${pc.bold('Wiring')}`);
  const good = (text: string) => print(`  ${pc.green('✓')} ${text}`);
  const bad = ({ parts }: Pick<ConformanceError, 'parts'>) => {
    print(`  ${pc.red('✗')} ${parts.code}: ${parts.what}`);
    print(`      Expected: ${parts.expected}`);
    print(`      Do: ${parts.remedy}`);
  };
  let lab: Lab;
  try {
    lab = await startLab(loaded, { progress: (text) => print(pc.dim(`  … ${text}`)) });
  } catch (error) {
    if (!(error instanceof ConformanceError)) throw error;
    bad(error);
    return 2;
  }
  try {
    for (const line of discoverySummary(lab.description)) good(line);
    const findings = await smoke(lab);
    for (const finding of findings) bad({ parts: finding });
    if (findings.length === 0) good('one healthy sign-in ends in a session');
    print(
      findings.length
        ? `\n${pc.red('The wiring is not complete: mend the first finding, then run doctor again.')}`
        : `\n${pc.green('All is well: `authjs-conformance run` will judge the app.')}`,
    );
    return findings.length ? 2 : 0;
  } finally {
    await lab.stop();
  }
}
