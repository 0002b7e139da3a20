/** The app's output: lines to show, and the text as it came for the checks that look for secrets in it. Both are bounded. */
import { stripVTControlCharacters } from 'node:util';
import { beforeForgetting, type Keeper, redactText } from '../../mocks/redact.ts';

/** Output as it came; `lost` says how many characters of what was asked for are gone. */
export interface RawOutput {
  text: string;
  lost: number;
}

export interface TargetLog {
  /** Adds raw output; kept by lines, redacted and without colours when it is read, the oldest leave first. */
  write(chunk: string): void;
  /** Lines after a position. */
  since(position: number): string[];
  /** Lines that came at or after a time (milliseconds of the epoch), the last `count` of them. */
  from(time: number, count?: number): string[];
  /** Whether lines that came at or after a time are gone. */
  lostFrom(time: number): boolean;
  /** Lines so far; only ever grows. */
  readonly position: number;
  tail(lines?: number): string[];
  /** Output as it came after a position, unredacted, for the checks that look for secrets in it. */
  raw(position?: number): RawOutput;
  /** Characters so far; only ever grows. */
  readonly rawPosition: number;
}

export interface LogLimits {
  /** Lines kept for certain. */
  lines: number;
  /** Characters of one line that are kept. */
  line: number;
  /** Characters of raw output that are kept for certain. */
  raw: number;
}

const LIMITS: LogLimits = { lines: 20_000, line: 4_096, raw: 32 * 1_048_576 };

/** @param limits what is kept; for tests */
export function createTargetLog(limits: Partial<LogLimits> = {}): TargetLog {
  const max = { ...LIMITS, ...limits };
  let lines: string[] = [];
  /** When each line came. */
  let times: number[] = [];
  let dropped = 0;
  let lastDroppedAt = 0;
  let partial = '';
  let partialLength = 0;

  /** Raw output in blocks; whole blocks leave. */
  const blocks: string[] = [];
  const blockSize = Math.max(1, Math.floor(max.raw / 32));
  let rawStart = 0;
  let rawEnd = 0;
  const keepRaw = (chunk: string) => {
    const last = blocks.at(-1);
    if (last !== undefined && last.length < blockSize) blocks[blocks.length - 1] = last + chunk;
    else blocks.push(chunk);
    rawEnd += chunk.length;
    while (blocks.length > 1 && rawEnd - rawStart - (blocks[0] as string).length >= max.raw)
      rawStart += (blocks.shift() as string).length;
  };

  const endLine = (now: number) => {
    const line = partial.replace(/\r$/, '');
    if (line.trim()) {
      lines.push(
        partialLength > partial.length
          ? `${line.replace(/[\w~.%+/=-]{1,500}$/, '')}… (cut: the line has ${partialLength} characters)`
          : line,
      );
      times.push(now);
    }
    partial = '';
    partialLength = 0;
  };
  // Colours belong to a terminal, and may part a secret.
  const clean = (line: string) => redactText(stripVTControlCharacters(line));
  /** Position up to which lines were cleaned for good. */
  let cleaned = 0;
  const log: TargetLog & Keeper = {
    hideSecrets() {
      for (let index = Math.max(0, cleaned - dropped); index < lines.length; index += 1)
        lines[index] = clean(lines[index] as string);
      cleaned = dropped + lines.length;
    },
    write(chunk) {
      keepRaw(chunk);
      const now = Date.now();
      for (const [index, part] of chunk.split('\n').entries()) {
        if (index > 0) endLine(now);
        partialLength += part.length;
        if (partial.length < max.line) partial += part.slice(0, max.line - partial.length);
      }
      // A tenth at once, so that each line is moved a few times, however many pass through.
      if (lines.length <= max.lines * 1.1) return;
      const gone = lines.length - max.lines;
      dropped += gone;
      lastDroppedAt = times[gone - 1] as number;
      lines = lines.slice(gone);
      times = times.slice(gone);
    },
    from(time, count = max.lines) {
      const first = times.findLastIndex((each) => each < time) + 1;
      return lines.slice(Math.max(first, lines.length - count)).map(clean);
    },
    lostFrom: (time) => dropped > 0 && lastDroppedAt >= time,
    since: (position) => lines.slice(Math.max(0, position - dropped)).map(clean),
    get position() {
      return dropped + lines.length;
    },
    tail: (count = 20) => [...lines, ...(partial ? [partial] : [])].slice(-count).map(clean),
    raw: (position = 0) => ({
      text: blocks.join('').slice(Math.max(0, position - rawStart)),
      lost: Math.max(0, rawStart - position),
    }),
    get rawPosition() {
      return rawEnd;
    },
  };
  beforeForgetting(log);
  return log;
}
