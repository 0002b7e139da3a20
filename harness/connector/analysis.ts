/** What every static check is given, and how it tells what it found. */
import type { SmsConnector } from '../../mocks/logto/connector.ts';
import { type KeyPath, keyPathOf } from './places.ts';
import type { ConnectorFinding, FindingLevel, SafeFix } from './report.ts';
import type { Source } from './source.ts';

export interface Told {
  code: string;
  level: FindingLevel;
  path: KeyPath;
  /** Point at the key instead of the value. */
  atKey?: boolean;
  /** Point at a character of a text value: its index in the text. */
  index?: number;
  what: string;
  expected: string;
  fix: string;
  safeFix?: SafeFix;
}

export type Tree = Record<string, unknown>;

export interface Analysis {
  source: Source;
  config: Tree;
  connector: SmsConnector;
  /** Twilio's own rules (SIDs, token, 1600 characters) apply to its connector only. */
  twilio: boolean;
  tell(told: Told): void;
}

export const TWILIO_ID = 'twilio-short-message-service';

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A template with the place where it stands. */
export interface Template {
  index: number;
  path: KeyPath;
  usageType: string | undefined;
  content: string | undefined;
}

/** Items of `templates` that are objects. */
export const templatesOf = ({ templates }: Tree): Template[] =>
  (Array.isArray(templates) ? templates : []).flatMap((item, index) =>
    isTree(item)
      ? [
          {
            index,
            path: ['templates', index],
            usageType: typeof item.usageType === 'string' ? item.usageType : undefined,
            content: typeof item.content === 'string' ? item.content : undefined,
          },
        ]
      : [],
  );

/**
 * Offset in the file of a character of a text value.
 *
 * @param index position in the text that the literal means, from 0 to its length
 */
export function offsetInText(source: Source, path: KeyPath, index: number): number {
  const { offset, length } = source.valueAt(path);
  const end = offset + length - 1;
  let at = offset + 1;
  for (let left = index; left > 0 && at < end; left -= 1) {
    at += source.text[at] !== '\\' ? 1 : source.text[at + 1] === 'u' ? 6 : 2;
  }
  return at;
}

/** Edit that replaces a part of a text value and leaves the rest of the literal as it is written. */
export function textEdit(source: Source, path: KeyPath, from: number, to: number, content: string) {
  const offset = offsetInText(source, path, from);
  return {
    offset,
    length: offsetInText(source, path, to) - offset,
    content: JSON.stringify(content).slice(1, -1),
  };
}

/** Collects what is told as findings with line and column. */
export function createTeller(source: Source, findings: ConnectorFinding[]): Analysis['tell'] {
  return ({ path, atKey, index, ...rest }) => {
    const offset =
      index !== undefined
        ? offsetInText(source, path, index)
        : (atKey ? source.keyAt(path) : source.valueAt(path)).offset;
    const { code, level, what, expected, fix, safeFix } = rest;
    findings.push({
      code,
      level,
      keyPath: keyPathOf(path),
      ...source.lineAndColumn(offset),
      what,
      expected,
      fix,
      ...(safeFix && { safeFix }),
    });
  };
}
