/** `authjs-conformance capture serve`: the capture endpoint in a process of its own, until Ctrl-C. */
import { randomBytes } from 'node:crypto';
import { maskPhone } from '../../../mocks/redact.ts';
import type { Config } from '../../config/config.ts';
import { credential, VARIABLES } from '../credentials.ts';
import { startCapture } from './capture-server.ts';
import type { Received } from './source.ts';

const MESSAGES_MAX = 10_000;

/** Messages as they came, and those who wait for one. */
export function createStore() {
  const messages: Received[] = [];
  const waiting = new Set<(message: Received) => void>();
  const fits = (to: string, since: string) => (message: Received) =>
    message.to === to && Date.parse(message.at) >= Date.parse(since);
  return {
    add(message: Received): void {
      messages.push(message);
      if (messages.length > MESSAGES_MAX) messages.splice(0, messages.length - MESSAGES_MAX);
      for (const told of [...waiting]) told(message);
    },
    waitFor(to: string, since: string, waitMs: number): Promise<Received | undefined> {
      const wanted = fits(to, since);
      const found = messages.find(wanted);
      if (found) return Promise.resolve(found);
      return new Promise((resolve) => {
        const end = (message?: Received) => {
          clearTimeout(timer);
          waiting.delete(told);
          resolve(message);
        };
        const told = (message: Received) => {
          if (wanted(message)) end(message);
        };
        const timer = setTimeout(end, waitMs);
        waiting.add(told);
      });
    },
  };
}

/**
 * Serves until a signal comes.
 *
 * @param live settings of the endpoint
 * @returns the exit code
 */
export async function captureCommand(
  live: Config['live'],
  print: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Promise<number> {
  const given = credential('captureToken');
  const token = given ?? randomBytes(24).toString('base64url');
  const store = createStore();
  const served = await startCapture({
    ...live.capture,
    token,
    waitFor: store.waitFor,
    deliver(message) {
      store.add(message);
      print(`${message.at} ${message.usageType} to ${maskPhone(message.to)}`);
    },
    refused: (reason) => print(`refused ${reason}`),
  });
  print(`The capture endpoint is running (Ctrl-C ends it). For the http-sms connector of Logto:`);
  print(`  endpoint       ${served.origin}/sms   (or the address of your tunnel)`);
  print(
    `  authorization  ${given ? `Bearer, and the value of ${VARIABLES.captureToken}` : `Bearer ${token}`}`,
  );
  if (!given) print(`For runs: export ${VARIABLES.captureToken}=${token}`);
  print(`  run --capture ${served.origin}`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await served.close();
  return 0;
}
