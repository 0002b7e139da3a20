/** Codes that somebody types, or that a command of the operator prints. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { maskPhone } from '../../../mocks/redact.ts';
import { ConformanceError } from '../../errors.ts';
import { type CodeSource, codeIn, type Deliver } from './source.ts';

let count = 0;
const received = (to: string, body: string, since: string) => {
  count += 1;
  return {
    id: `BH${Date.now()}${count}`,
    to,
    body,
    code: codeIn(body),
    usageType: null,
    at: new Date(Math.max(Date.now(), Date.parse(since))).toISOString(),
  };
};

/** Milliseconds between two runs of a command that had no code yet. */
const EVERY_MS = 1_000;
const COMMAND_MS = 120_000;
const OUTPUT_MAX = 64 * 1024;

/** What a command prints, and how it ended. */
function outputOf(command: string, env: Record<string, string>, limitMs: number) {
  return new Promise<{ text: string; end: string }>((resolve) => {
    const child = spawn(command, {
      shell: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
      timeout: Math.max(1, limitMs),
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (text.length < OUTPUT_MAX) text += chunk.toString();
    });
    child.once('error', (error) => resolve({ text, end: error.message }));
    child.once('close', (code, signal) => resolve({ text, end: signal ?? String(code) }));
  });
}

/**
 * The first six digits that a command prints are the code. It is run again until it prints some, and finds the number in
 * CODE_TO (E.164) and the moment that the code was asked for in CODE_SINCE (ISO 8601).
 *
 * @throws ConformanceError CONF_CODE_COMMAND when it ends with an error twice in a row
 */
export const byCommand = (command: string, deliver: Deliver): CodeSource => ({
  name: 'a command of yours',
  tellsType: false,
  tellsText: false,
  messageMs: COMMAND_MS,
  async fetch({ to, since, limitMs }) {
    const until = Date.now() + limitMs;
    for (let failures = 0; Date.now() < until; ) {
      const { text, end } = await outputOf(command, { CODE_TO: to, CODE_SINCE: since }, until - Date.now());
      if (codeIn(text)) return deliver(received(to, text.trim(), since));
      failures = end === '0' ? 0 : failures + 1;
      if (failures > 1)
        throw new ConformanceError({
          code: 'CONF_CODE_COMMAND',
          what: `the command for codes ended with ${end} and printed no code`,
          expected:
            'a command that prints the message, or only the code, for the number in CODE_TO (--code-from)',
          remedy: `run it by hand: CODE_TO=+12015550100 CODE_SINCE=${since} ${command}`,
          key: 'live.codeFrom',
        });
      await sleep(EVERY_MS);
    }
  },
  close: async () => {},
});

const PROMPT_MS = 300_000;

/**
 * Asks for each code at the terminal, one after another.
 *
 * @param ask shows a question and waits for a line (default: the terminal)
 * @throws ConformanceError CONF_PROMPT_NO_TERMINAL
 */
export function byPrompt(
  deliver: Deliver,
  ask: (question: string) => Promise<string> = atTerminal,
): CodeSource {
  if (ask === atTerminal && !process.stdin.isTTY)
    throw new ConformanceError({
      code: 'CONF_PROMPT_NO_TERMINAL',
      what: 'codes shall be typed, and there is no terminal',
      expected: 'a terminal, or another source of codes (--code-from capture, twilio, or a command)',
      remedy: 'run it in a terminal, or name a command that prints the code.',
      key: 'live.codeFrom',
    });
  let turn: Promise<unknown> = Promise.resolve();
  return {
    name: 'somebody at the keyboard',
    tellsType: false,
    tellsText: false,
    messageMs: PROMPT_MS,
    fetch({ to, since }) {
      const mine = turn.then(async () => {
        for (let question = `Code that was sent to ${maskPhone(to)}: `; ; question = 'Six digits, please: ') {
          const line = await ask(question);
          if (codeIn(line)) return deliver(received(to, line.trim(), since));
        }
      });
      turn = mine.catch(() => undefined);
      return mine;
    },
    close: async () => {},
  };
}

async function atTerminal(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}
