/**
 * A reporter that reports nothing. It lets Playwright load the checks while the lab starts, and takes out of the run, before
 * any worker is started, what the app does not do. Each check would find that out itself (harness/check/check.ts), and does so
 * where the lab is not known this early.
 */
import type { Reporter, Suite, TestRun } from '@playwright/test/reporter';
import type { CheckDeclaration } from '../check/check-declaration.ts';
import { told } from '../check/told-before.ts';
import { unmet } from '../check/unmet.ts';
import { WAITS } from '../lab/lab-description.ts';
import { labOfRun } from '../lab/read-lab.ts';
import { hearBegin } from './hear-begin.ts';

export default class NotAsked implements Reporter {
  /** Heard from the start: the command may say it, or end, while checks are being loaded. */
  readonly #begun = process.env[WAITS] === 'loaded' ? hearBegin() : undefined;

  printsToStdio(): boolean {
    return false;
  }

  async preprocess({ suite, testRun }: { suite: Suite; testRun: Pick<TestRun, 'skip'> }): Promise<void> {
    await this.#begun;
    const lab = labOfRun();
    if (!lab) return;
    for (const test of suite.allTests()) {
      const json = test.annotations.find(({ type }) => type === 'check')?.description;
      if (!json) continue;
      const meta = JSON.parse(json) as CheckDeclaration;
      const missing = unmet(meta, lab);
      if (!missing) continue;
      test.annotations.push(
        ...told(meta, lab),
        { type: 'verdict', description: missing.verdict },
        { type: 'reason', description: missing.reason },
      );
      testRun.skip(test, missing.reason);
    }
  }
}
