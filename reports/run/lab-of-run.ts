/** What the lab of a run tells the reporter: facts, the end of the app, what the mocks gave out and sent. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type IssuedKind, SECRET_KINDS } from '../../mocks/issued.ts';
import { registerSecret, registerSecretsIn } from '../../mocks/redact.ts';
import type { Facts } from '../build.ts';
import type { CheckResult, Finding, SentMessages } from '../model.ts';
import type { Crash } from './crashes.ts';

/** Environment variable that names the file with facts about the lab, written by the harness. */
const FACTS_FILE = 'CONFORMANCE_LAB_FACTS';
/** Environment variable that names the lab description; its secrets are never written. */
const LAB_FILE = 'CONFORMANCE_LAB';
/** Environment variable that names a file to which each check is added as it ends (harness/run/learned.ts). */
const LEARNED_FILE = 'CONFORMANCE_LEARNED';

/** Milliseconds that the mocks may take to tell what they gave out. */
const LEARN_MS = 10_000;
/** Milliseconds that an app may go on answering which the last request has ended. */
const DYING_MS = 300;

function readJson(file: string | undefined): unknown {
  try {
    return file && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  } catch {
    return undefined;
  }
}

/** A lab that has ended, or that is a real one, tells nothing more. */
export class LabOfRun {
  /** Position in what the mocks gave out. */
  #heard = 0;
  /** When they were last asked, and told; what ended before is known since then. */
  #askedAt = 0;

  /** Registers the secrets of the lab description itself. */
  begin(): void {
    registerSecretsIn(readJson(process.env[LAB_FILE]));
  }

  facts(): Facts {
    return (readJson(process.env[FACTS_FILE]) ?? {}) as Facts;
  }

  /** Crashes of the app after which it was started again, which the harness writes beside the lab description (harness/lab/target-end.ts). */
  crashes(): Crash[] {
    return (this.#beside('target-crashed.json') as Crash[] | undefined) ?? [];
  }

  /** That the app ended in mid-run: for good, or so often. */
  endOfTarget(): Finding | undefined {
    const end = this.#beside('target-ended.json') as { finding: Finding } | undefined;
    return end?.finding ?? this.crashes().at(-1)?.finding;
  }

  #beside(name: string): unknown {
    const lab = process.env[LAB_FILE];
    return readJson(lab && path.join(path.dirname(lab), name));
  }

  /** Keeps a check that has ended, for a run that is killed before its report. */
  keep(check: CheckResult): void {
    const file = process.env[LEARNED_FILE];
    if (!file) return;
    try {
      appendFileSync(file, `${JSON.stringify({ ...check, exchanges: [], attachments: [] })}\n`, {
        mode: 0o600,
      });
    } catch {
      // The report at the end does not need it.
    }
  }

  /** Has the harness look whether an app that it started still runs: one that the last check ended is noticed a moment later. */
  async lookAtApp(): Promise<void> {
    const lab = readJson(process.env[LAB_FILE]) as { hasLog?: boolean } | undefined;
    if (!lab?.hasLog) return;
    // One that dies of the last request may answer for a moment.
    await sleep(DYING_MS);
    await this.#ask(`/target/end?limitMs=${LEARN_MS / 5}`).catch(() => undefined);
  }

  /** What Logto sent in this run. */
  async sent(): Promise<SentMessages[] | undefined> {
    return (await this.#ask('/usage-types').catch(() => undefined)) as SentMessages[] | undefined;
  }

  /**
   * Registers what the mocks gave out since the last time.
   *
   * @param since `performance.now()` of what must be known; default: now
   */
  async learnSecrets(since = Number.POSITIVE_INFINITY): Promise<void> {
    if (this.#askedAt >= since) return;
    const asked = performance.now();
    try {
      const told = await this.#ask(`/issued?since=${this.#heard}`);
      if (!told) return;
      const { issued, next } = told as { issued: { kind: IssuedKind; value: string }[]; next: number };
      this.#heard = next;
      this.#askedAt = asked;
      for (const { kind, value } of issued) if (SECRET_KINDS.has(kind)) registerSecret(kind, value);
    } catch {
      // What stands in exchanges was hidden where it was seen.
    }
  }

  async #ask(route: string): Promise<unknown> {
    const lab = readJson(process.env[LAB_FILE]) as { control?: string; controlToken?: string } | undefined;
    if (!lab?.control || !lab.controlToken) return undefined;
    const answer = await fetch(`${lab.control}${route}`, {
      headers: { 'x-conformance-token': lab.controlToken },
      signal: AbortSignal.timeout(LEARN_MS),
    });
    return answer.ok ? answer.json() : undefined;
  }
}
