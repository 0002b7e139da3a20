/** The config as text: what JSON.parse would say to it, and where each key stands. */
import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { DEEPEST, duplicateKeys, JSON_ONLY, leftoversIn, MISTAKES, tooDeep } from './json-mistakes.ts';
import { type KeyPath, type LineAndColumn, linesOf, type Place } from './places.ts';
import type { ConnectorFinding } from './report.ts';

export interface Source {
  text: string;
  /** What the text means, comments and trailing commas forgiven; undefined when it means nothing. */
  value: unknown;
  /** What JSON.parse would refuse, and duplicate keys, which it would not. */
  findings: ConnectorFinding[];
  /** Where a value stands, or the nearest thing around it. */
  valueAt(path: KeyPath): Place;
  /** Where the key of a value stands; for an item of an array the item itself. */
  keyAt(path: KeyPath): Place;
  /** The value and its key, for a removal of both. */
  propertyAt(path: KeyPath): Place | undefined;
  /** Whether there is a value of its own at the path. */
  has(path: KeyPath): boolean;
  lineAndColumn: LineAndColumn;
}

const BOM = '\uFEFF';

/**
 * Reads a config.
 *
 * @param text content of the file, with its byte order mark if it has one
 */
export function readSource(text: string): Source {
  const errors: ParseError[] = [];
  const bare = text.startsWith(BOM) ? ` ${text.slice(1)}` : text;
  const deep = tooDeep(bare);
  const root = parseTree(deep === undefined ? bare : '', errors, {
    allowTrailingComma: true,
    disallowComments: false,
  });
  const lineAndColumn = linesOf(text);
  const findings: ConnectorFinding[] = [];
  const add = (offset: number, finding: Omit<ConnectorFinding, 'keyPath' | 'line' | 'column'>) =>
    findings.push({ ...finding, keyPath: '', ...lineAndColumn(offset) });

  if (deep !== undefined) {
    add(deep, {
      code: 'json-too-deep',
      level: 'error',
      what: `The file nests more than ${DEEPEST} levels deep.`,
      expected: 'the config of the connector, which has three levels',
      fix: 'Paste the config of the connector into it.',
    });
    return nothing(text, findings, lineAndColumn);
  }
  if (text.startsWith(BOM)) {
    add(0, {
      code: 'json-byte-order-mark',
      level: 'error',
      what: 'The file begins with a byte order mark.',
      expected: JSON_ONLY,
      fix: 'Save the file as UTF-8 without BOM.',
      safeFix: { description: 'byte order mark removed', edits: [{ offset: 0, length: 1, content: '' }] },
    });
  }
  // Behind the place where the parser lost its way nothing certain can be said.
  const first = errors[0];
  for (const { offset, finding } of leftoversIn(bare)) {
    if (!first || offset < first.offset) add(offset, finding);
  }
  if (first) {
    const name = printParseErrorCode(first.error);
    add(Math.min(first.offset, Math.max(0, text.length - 1)), {
      code: 'json-invalid',
      level: 'error',
      what: text.trim() === '' ? 'The file is empty.' : `The file is no JSON: ${MISTAKES[name] ?? name}.`,
      expected: JSON_ONLY,
      fix:
        text.trim() === ''
          ? 'Paste the config of the connector into it.'
          : 'Correct the place; an editor that knows JSON marks it.',
    });
  }
  if (root && !first) findings.push(...duplicateKeys(root, lineAndColumn));

  const nodeAt = (path: KeyPath) => (root ? findNodeAtLocation(root, path) : undefined);
  const nearest = (path: KeyPath): Node | undefined => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = nodeAt(path.slice(0, length));
      if (node) return node;
    }
    return undefined;
  };
  const placeOf = (node: Node | undefined): Place =>
    node ? { offset: node.offset, length: node.length } : { offset: 0, length: 0 };
  const propertyOf = (path: KeyPath) => {
    const node = nodeAt(path);
    return node?.parent?.type === 'property' ? node.parent : undefined;
  };

  return {
    text,
    value: root && !first ? getNodeValue(root) : undefined,
    findings,
    valueAt: (path) => placeOf(nearest(path)),
    keyAt: (path) => placeOf(propertyOf(path)?.children?.[0] ?? nearest(path)),
    propertyAt: (path) => {
      const property = propertyOf(path);
      return property && placeOf(property);
    },
    has: (path) => nodeAt(path) !== undefined,
    lineAndColumn,
  };
}

/** A source of which nothing can be said but what was found. */
const nothing = (text: string, findings: ConnectorFinding[], lineAndColumn: LineAndColumn): Source => ({
  text,
  value: undefined,
  findings,
  valueAt: () => ({ offset: 0, length: 0 }),
  keyAt: () => ({ offset: 0, length: 0 }),
  propertyAt: () => undefined,
  has: () => false,
  lineAndColumn,
});
