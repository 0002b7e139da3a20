/** What a connector prints is taken and looked at, instead of shown: it may hold secrets, and would stand in the report. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { inspect } from 'node:util';

const printing = new AsyncLocalStorage<string[]>();
const METHODS = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const;
let listening = 0;
let restore = () => {};

/** Loggers write to the streams without the console. */
function takeStream(stream: NodeJS.WriteStream): () => void {
  const { write } = stream;
  const own = Object.hasOwn(stream, 'write');
  stream.write = function (this: NodeJS.WriteStream, ...given: unknown[]) {
    const taken = printing.getStore();
    if (!taken) return write.apply(this, given as Parameters<typeof write>);
    const [chunk] = given;
    taken.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString('utf8'));
    const done = given.at(-1);
    if (typeof done === 'function') process.nextTick(done);
    return true;
  } as typeof write;
  return () => {
    if (own) stream.write = write;
    else delete (stream as { write?: unknown }).write;
  };
}

function takeAll(): () => void {
  const own = METHODS.map((method) => [method, console[method]] as const);
  for (const [method, print] of own) {
    console[method] = (...texts: unknown[]) => {
      const taken = printing.getStore();
      if (taken) taken.push(texts.map((text) => (typeof text === 'string' ? text : inspect(text))).join(' '));
      else print(...texts);
    };
  }
  const streams = [process.stdout, process.stderr].map(takeStream);
  return () => {
    for (const [method, print] of own) console[method] = print;
    for (const giveBack of streams) giveBack();
  };
}

/** Takes what is printed inside, instead of showing it; what others print meanwhile is shown as ever. */
export async function withoutPrinting<Result>(lines: string[], body: () => Promise<Result>): Promise<Result> {
  listening += 1;
  if (listening === 1) restore = takeAll();
  try {
    return await printing.run(lines, body);
  } finally {
    listening -= 1;
    if (listening === 0) restore();
  }
}
