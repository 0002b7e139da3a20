/** What a person sees while checks run: one calm line on a terminal, plain lines elsewhere; what fails, at once. */
import { basename } from 'node:path';
import type { CheckResult } from './model.ts';
import { painter, SIGN, wrap } from './terminal-text.ts';

export interface ProgressOptions {
  total: number;
  /** Checks of each suite; without a terminal each suite is one line when it has ended. */
  suites?: ReadonlyMap<string, number>;
  /** One line for each check, also without a terminal. */
  verbose?: boolean;
  isTTY: boolean;
  width: number;
  colour: boolean;
  write(text: string): void;
  /** Milliseconds, for tests. */
  now?: () => number;
}

export interface Progress {
  begin(): void;
  started(id: string): void;
  ended(
    check: Pick<CheckResult, 'id' | 'verdict' | 'message' | 'title' | 'durationMs' | 'file' | 'line'>,
  ): void;
  /** A line that stays. */
  say(text: string): void;
  end(): void;
}

/** Redraws of the live line are at least this far apart, so that a fast run does not flicker. */
const REDRAW_MS = 80;

/** Creates the live view; it writes with `write` only. */
export function createProgress({
  total,
  suites = new Map(),
  verbose = false,
  isTTY,
  width,
  colour,
  write,
  now = Date.now,
}: ProgressOptions): Progress {
  const paint = painter(colour);
  const running = new Set<string>();
  let done = 0;
  let failed = 0;
  let drawnAt = 0;
  const startedAt = now();
  const ofSuite = new Map<string, { left: number; counts: Map<string, number> }>(
    [...suites].map(([name, left]) => [name, { left, counts: new Map() }]),
  );
  /** `12 s, about 20 s left`, once there is something to reckon with. */
  const times = () => {
    const elapsed = now() - startedAt;
    if (done < 5 || done >= total || elapsed < 2_000) return `${Math.round(elapsed / 1000)} s`;
    return `${Math.round(elapsed / 1000)} s, about ${Math.max(1, Math.round(((elapsed / done) * (total - done)) / 1000))} s left`;
  };
  const clear = () => isTTY && write('\r\u001b[2K');
  const draw = (force = false) => {
    if (!isTTY || (!force && now() - drawnAt < REDRAW_MS)) return;
    drawnAt = now();
    const room = Math.max(20, width - 1);
    const clock = room > 60 ? ` · ${times()}` : '';
    const count = `${done}/${total}${failed ? ` · ${failed} failed` : ''}${clock}`;
    const filled = Math.round((total ? done / total : 1) * 16);
    const bar = room > 60 ? `${'━'.repeat(filled)}${paint('gray', '━'.repeat(16 - filled))} ` : '';
    const ids = [...running].join(', ');
    const space = room - count.length - (room > 60 ? 17 : 0) - 2;
    write(
      `\r\u001b[2K${bar}${paint('bold', count)}  ${ids.length > space ? `${ids.slice(0, Math.max(0, space - 1))}…` : ids}`,
    );
  };
  const say = (text: string) => {
    clear();
    write(`${text}\n`);
    draw(true);
  };
  const endOfSuite = ({ id, verdict }: Pick<CheckResult, 'id' | 'verdict'>) => {
    const name = id.split('/')[0] as string;
    const suite = ofSuite.get(name);
    if (!suite) return;
    suite.left -= 1;
    suite.counts.set(verdict, (suite.counts.get(verdict) ?? 0) + 1);
    if (suite.left > 0) return;
    const counts = [...suite.counts].map(([word, count]) => `${count} ${word}`).join(', ');
    write(`${name}: ${counts} (${done}/${total}, ${times()})\n`);
  };
  return {
    begin() {
      if (!isTTY) write(`${total} ${total === 1 ? 'check' : 'checks'}\n`);
      draw(true);
    },
    started(id) {
      running.add(id);
      draw();
    },
    ended(check) {
      running.delete(check.id);
      done += 1;
      if (check.verdict === 'fail') failed += 1;
      const { sign, format } = SIGN[check.verdict];
      const loud = ['fail', 'error', 'blocked', 'warn'].includes(check.verdict);
      if (isTTY && verbose) {
        say(
          `${paint(format, `${sign} ${check.verdict}`)} ${check.id}${loud ? `\n${wrap(check.message ?? '', width, '    ')}` : ''}`,
        );
        return;
      }
      if (isTTY) {
        if (loud && check.verdict !== 'warn')
          say(
            `${paint(format, `${sign} ${check.verdict}`)} ${check.id}\n${wrap(check.message ?? '', width, '    ')}`,
          );
        draw(done === total);
        return;
      }
      if (!verbose) {
        // What the whole suite shares stands in the summary; here each is told once.
        if (loud && check.verdict !== 'blocked')
          write(`  ${sign} ${check.verdict} ${check.id}: ${check.message ?? ''}\n`);
        endOfSuite(check);
        return;
      }
      const place = loud ? ` (${basename(check.file)}:${check.line})` : '';
      write(
        `${String(done).padStart(String(total).length)}/${total} ${sign} ${check.verdict.padEnd(4)} ${check.id}${loud || check.verdict.startsWith('not ') ? `: ${check.message ?? ''}` : ''}${place}\n`,
      );
    },
    say,
    end() {
      clear();
    },
  };
}
