/** What a person sees while checks run: one calm line on a terminal, plain lines elsewhere; what fails, at once. */
import { basename } from 'node:path';
import type { CheckResult } from './model.ts';
import { painter, SIGN, wrap } from './terminal.ts';

export interface ProgressOptions {
  total: number;
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
  const clear = () => isTTY && write('\r\u001b[2K');
  const draw = (force = false) => {
    if (!isTTY || (!force && now() - drawnAt < REDRAW_MS)) return;
    drawnAt = now();
    const room = Math.max(20, width - 1);
    const count = `${done}/${total}${failed ? ` · ${failed} failed` : ''}`;
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
  return {
    begin() {
      if (!isTTY) write(`${total} checks\n`);
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
      if (isTTY) {
        if (loud && check.verdict !== 'warn')
          say(
            `${paint(format, `${sign} ${check.verdict}`)} ${check.id}\n${wrap(check.message ?? '', width, '    ')}`,
          );
        draw(done === total);
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
