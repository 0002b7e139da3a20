/** Safe corrections of a config file, written back in place. */
import { randomBytes } from 'node:crypto';
import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SmsConnector } from '../../mocks/logto/connector.ts';
import { ConformanceError } from '../errors.ts';
import type { ConnectorFinding, TextEdit } from './report.ts';
import { readSource } from './source.ts';
import { judgeStatically } from './static.ts';

export interface Fixed {
  text: string;
  /** What was corrected, in the order in which it was done. */
  done: string[];
}

/** Corrections that were made may show others; more rounds than a file has kinds of mistakes are never needed. */
const ROUNDS_MAX = 20;

/** Edits of one round: each finding's edits together or not at all, none over another's. */
function pick(findings: readonly ConnectorFinding[]): { edits: TextEdit[]; done: string[] } {
  const edits: TextEdit[] = [];
  const done: string[] = [];
  const overlaps = (a: TextEdit, b: TextEdit) =>
    a.offset < b.offset + b.length && b.offset < a.offset + a.length;
  for (const { safeFix, keyPath } of findings) {
    if (!safeFix || safeFix.edits.length === 0) continue;
    if (safeFix.edits.some((edit) => edits.some((other) => overlaps(edit, other)))) continue;
    edits.push(...safeFix.edits);
    done.push(keyPath ? `${keyPath}: ${safeFix.description}` : safeFix.description);
  }
  return { edits, done };
}

const apply = (text: string, edits: readonly TextEdit[]): string =>
  [...edits]
    .sort((a, b) => b.offset - a.offset)
    .reduce(
      (soFar, { offset, length, content }) => soFar.slice(0, offset) + content + soFar.slice(offset + length),
      text,
    );

/**
 * Makes every safe correction, until none is left.
 *
 * @returns the new text; what is not safe to correct stays as it was
 */
export function fixText(text: string, connector: SmsConnector): Fixed {
  const done: string[] = [];
  let now = text;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const { edits, done: some } = pick(judgeStatically(readSource(now), connector).findings);
    if (edits.length === 0) break;
    now = apply(now, edits);
    done.push(...some);
  }
  return { text: now, done };
}

/**
 * Writes a file in one step, so that a crash leaves the old one or the new one.
 *
 * @throws ConformanceError CONF_CONNECTOR_UNWRITABLE
 */
export function replaceFile(file: string, text: string): void {
  const place = realpathSync(file);
  const beside = path.join(path.dirname(place), `.${path.basename(place)}.${randomBytes(4).toString('hex')}`);
  try {
    // The mode is given before the content: a config holds secrets.
    writeFileSync(beside, '', { mode: 0o600 });
    chmodSync(beside, statSync(place).mode & 0o777);
    writeFileSync(beside, text);
    renameSync(beside, place);
  } catch (error) {
    rmSync(beside, { force: true });
    throw new ConformanceError({
      code: 'CONF_CONNECTOR_UNWRITABLE',
      what: `the corrected config could not be written to ${file}: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`,
      expected: 'a file and a folder that may be written (--fix)',
      remedy: 'make it writable, or correct by hand what is listed without --fix.',
    });
  }
}
