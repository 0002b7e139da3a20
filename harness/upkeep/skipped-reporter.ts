/** Says which of our own tests did not run, and why; with `CI` set that fails the run, for nobody looks there. */
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';
import { WANT } from '../../fixtures/for-want-of.ts';

const reasonOf = (test: TestCase): string => {
  const result = test.result();
  return (
    (test.meta() as Record<string, string | undefined>)[WANT] ??
    (result?.state === 'skipped' ? result.note : undefined) ??
    'no reason is given: use forWantOf()'
  );
};

/**
 * @param ci whether `CI` is set
 * @returns a line with the count, one for each reason with its count and files, and whether the run fails for it
 */
export function tellSkipped(
  skipped: readonly { file: string; reason: string }[],
  ci: boolean,
): { lines: string[]; fails: boolean } {
  if (!skipped.length) return { lines: [], fails: false };
  const reasons = [...new Set(skipped.map(({ reason }) => reason))];
  const lines = [
    `${skipped.length} ${skipped.length === 1 ? 'test was' : 'tests were'} skipped`,
    ...reasons.flatMap((reason) => {
      const those = skipped.filter((each) => each.reason === reason);
      const files = [...new Set(those.map(({ file }) => file))];
      return [`  ${those.length} for want of: ${reason} (${files.join(', ')})`];
    }),
    ...(ci ? ['With CI set, every test must run: install what is missing.'] : []),
  ];
  return { lines, fails: ci };
}

export default class SkippedReporter implements Reporter {
  #selected = false;

  onInit(vitest: Vitest): void {
    // What a person left out with -t is no matter of the machine.
    this.#selected = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    if (this.#selected) return;
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].map((test) => ({
        file: module.relativeModuleId,
        reason: reasonOf(test),
      })),
    );
    const { lines, fails } = tellSkipped(skipped, Boolean(process.env.CI));
    if (lines.length) process.stdout.write(`\n${lines.join('\n')}\n`);
    if (fails) process.exitCode = 1;
  }
}
