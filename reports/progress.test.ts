import { describe, expect, it } from 'vitest';
import type { Verdict } from './model.ts';
import { createProgress, type ProgressOptions } from './progress.ts';

function watch(options: Partial<ProgressOptions> = {}) {
  let text = '';
  let now = 0;
  const progress = createProgress({
    total: 3,
    isTTY: false,
    width: 60,
    colour: false,
    write: (more) => (text += more),
    now: () => now,
    ...options,
  });
  const end = (id: string, verdict: Verdict, message?: string) =>
    progress.ended({ id, verdict, message, title: 't', durationMs: 1, file: 'suites/x.spec.ts', line: 7 });
  return { progress, end, text: () => text, wait: (ms: number) => (now += ms) };
}
/** What stands on the screen after all carriage returns and cleared lines. */
const screen = (text: string) =>
  text
    .split('\n')
    .map((line) => line.split('\r\u001b[2K').at(-1))
    .join('\n');

describe('progress without a terminal', () => {
  it('writes one line for each suite when it has ended, and at once what is not well', () => {
    const { progress, end, text } = watch({ suites: new Map([['a', 3]]) });
    progress.begin();
    end('a/b', 'pass');
    end('a/c', 'fail', 'Signed the person in.');
    end('a/d', 'pass');
    progress.end();
    expect(text()).toBe('3 checks\n  ✗ fail a/c: Signed the person in.\na: 2 pass, 1 fail (3/3, 0 s)\n');
  });
  it('writes one plain line a check with --verbose, with the reason and place of what is not well', () => {
    const { progress, end, text } = watch({ verbose: true });
    progress.begin();
    progress.started('a/b');
    end('a/b', 'pass');
    end('a/c', 'fail', 'Signed the person in.');
    end('a/d', 'not applicable', 'no state');
    progress.end();
    expect(text()).toBe(
      '3 checks\n1/3 ✓ pass a/b\n2/3 ✗ fail a/c: Signed the person in. (x.spec.ts:7)\n3/3 – not applicable a/d: no state\n',
    );
  });
});

describe('progress on a terminal', () => {
  const tty = { isTTY: true };
  it('keeps to one line that tells what runs and how many remain, and leaves nothing behind', () => {
    const { progress, end, text, wait } = watch(tty);
    progress.begin();
    wait(100);
    progress.started('a/b');
    expect(screen(text())).toBe('0/3  a/b');
    end('a/b', 'pass');
    progress.end();
    expect(screen(text())).toBe('');
    expect(text()).not.toContain('\n');
  });
  it('says failures when they happen, above the line, and counts them', () => {
    const { progress, end, text } = watch(tty);
    progress.begin();
    end('a/b', 'fail', 'Signed the person in.');
    expect(screen(text())).toBe('✗ fail a/b\n    Signed the person in.\n1/3 · 1 failed  ');
  });
  it('tells how long it has taken and about how long it will', () => {
    const { progress, end, text, wait } = watch({ ...tty, total: 12, width: 100 });
    progress.begin();
    for (let round = 0; round < 6; round += 1) {
      wait(1_000);
      end(`a/${round}`, 'pass');
    }
    expect(screen(text())).toContain('6/12 · 6 s, about 6 s left');
  });
  it('does not redraw more often than people can see', () => {
    const { progress, text, wait } = watch(tty);
    progress.begin();
    for (let round = 0; round < 1_000; round += 1) progress.started(`a/${round}`);
    expect(text().split('\r').length).toBeLessThan(4);
    wait(100);
    progress.started('a/z');
    expect(text().split('\r').length).toBeLessThan(5);
  });
  it.each([20, 40, 80])('is never wider than %i columns', (width) => {
    const { progress, text, wait } = watch({ ...tty, width });
    progress.begin();
    for (let round = 0; round < 30; round += 1) {
      wait(100);
      progress.started(`suite/a-rather-long-name-${round}`);
    }
    expect(
      Math.max(
        ...text()
          .split(/[\r\n]/)
          .map((line) => [...line.replace('\u001b[2K', '')].length),
      ),
    ).toBeLessThan(Math.max(width, 21));
  });
});
