/** The config as text: what JSON.parse would say to it, and where each key stands. */
import {
  createScanner,
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
  visit,
} from 'jsonc-parser';
import type { ConnectorFinding } from './report.ts';

export type KeyPath = (string | number)[];

export interface Place {
  offset: number;
  length: number;
}

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
  lineAndColumn(offset: number): { line: number; column: number };
}

/** `['templates', 0, 'content']` → `templates[0].content`. */
export const keyPathOf = (path: KeyPath): string =>
  path.reduce<string>(
    (soFar, part) =>
      typeof part === 'number'
        ? `${soFar}[${part}]`
        : /^[\w$-]+$/.test(part)
          ? `${soFar}${soFar && '.'}${part}`
          : `${soFar}[${JSON.stringify(part)}]`,
    '',
  );

const BOM = '\uFEFF';

/** Starts of lines, so that an offset is found by halving. */
function linesOf(text: string): (offset: number) => { line: number; column: number } {
  const starts = [0];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')) starts.push(at + 1);
  }
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] as number) + 1 };
  };
}

/** Why a parser stopped, in words that name what to do. */
const MISTAKES: Record<string, string> = {
  InvalidSymbol: 'a word that JSON does not know (texts need double quotes)',
  InvalidNumberFormat: 'a number that JSON does not know',
  PropertyNameExpected: 'a key is missing, or it has no double quotes',
  ValueExpected: 'a value is missing',
  ColonExpected: 'the colon after a key is missing',
  CommaExpected: 'a comma is missing',
  CloseBraceExpected: 'a closing brace } is missing',
  CloseBracketExpected: 'a closing bracket ] is missing',
  EndOfFileExpected: 'something stands after the end of the config',
  UnexpectedEndOfString: 'a text has no closing double quote',
  InvalidCharacter: 'a line break or another control character stands inside a text (write \\n)',
  InvalidEscapeCharacter: 'a backslash is followed by a letter that JSON does not know (write \\\\)',
  InvalidUnicode: 'a \\u is not followed by four hex digits',
  UnexpectedEndOfNumber: 'a number has no end',
  UnexpectedEndOfComment: 'a comment has no end',
};

/** A config of Logto's connectors has three levels; a parser that calls itself has a stack for some thousands. */
const DEEPEST = 100;

/** Where the text nests deeper than any config does. */
function tooDeep(text: string): number | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  while (scanner.getPosition() < text.length) {
    scanner.scan();
    const begin = text[scanner.getTokenOffset()];
    if (begin === '{' || begin === '[') depth += 1;
    if (begin === '}' || begin === ']') depth -= 1;
    if (depth > DEEPEST) return scanner.getTokenOffset();
  }
  return undefined;
}

const JSON_ONLY = 'plain JSON: Logto reads it with JSON.parse';

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
const nothing = (
  text: string,
  findings: ConnectorFinding[],
  lineAndColumn: Source['lineAndColumn'],
): Source => ({
  text,
  value: undefined,
  findings,
  valueAt: () => ({ offset: 0, length: 0 }),
  keyAt: () => ({ offset: 0, length: 0 }),
  propertyAt: () => undefined,
  has: () => false,
  lineAndColumn,
});

/** Comments and trailing commas: meant well, and refused by JSON.parse. */
function leftoversIn(
  text: string,
): { offset: number; finding: Omit<ConnectorFinding, 'keyPath' | 'line' | 'column'> }[] {
  const found: ReturnType<typeof leftoversIn> = [];
  let comma: number | undefined;
  const content = () => {
    comma = undefined;
  };
  const closing = (bracket: string) => () => {
    if (comma !== undefined) {
      found.push({
        offset: comma,
        finding: {
          code: 'json-trailing-comma',
          level: 'error',
          what: `A comma stands before the closing ${bracket}.`,
          expected: JSON_ONLY,
          fix: 'Remove the comma.',
          safeFix: {
            description: 'trailing comma removed',
            edits: [{ offset: comma, length: 1, content: '' }],
          },
        },
      });
    }
    comma = undefined;
  };
  visit(
    text,
    {
      onComment: (offset, length) => {
        found.push({
          offset,
          finding: {
            code: 'json-comment',
            level: 'error',
            what: 'A comment stands here; JSON has none.',
            expected: JSON_ONLY,
            fix: 'Remove the comment.',
            safeFix: { description: 'comment removed', edits: [{ offset, length, content: '' }] },
          },
        });
      },
      onSeparator: (character, offset) => {
        comma = character === ',' ? offset : undefined;
      },
      onObjectBegin: content,
      onArrayBegin: content,
      onObjectProperty: content,
      onLiteralValue: content,
      onObjectEnd: closing('brace'),
      onArrayEnd: closing('bracket'),
    },
    { allowTrailingComma: true },
  );
  return found;
}

function duplicateKeys(
  node: Node,
  lineAndColumn: Source['lineAndColumn'],
  path: KeyPath = [],
): ConnectorFinding[] {
  const children = node.children ?? [];
  if (node.type === 'array') {
    return children.flatMap((child, index) => duplicateKeys(child, lineAndColumn, [...path, index]));
  }
  if (node.type !== 'object') return [];
  const seen = new Map<string, number>();
  return children.flatMap((property) => {
    const [key, value] = property.children ?? [];
    const name = String(key?.value);
    const here = [...path, name];
    const before = seen.get(name);
    seen.set(name, key?.offset ?? 0);
    const inside = value ? duplicateKeys(value, lineAndColumn, here) : [];
    if (before === undefined || !key) return inside;
    return [
      {
        code: 'json-duplicate-key',
        level: 'error' as const,
        keyPath: keyPathOf(here),
        ...lineAndColumn(key.offset),
        what: `"${name}" stands here a second time (first in line ${lineAndColumn(before).line}); only the last one counts.`,
        expected: 'each key once',
        fix: 'Remove the one that is wrong.',
      },
      ...inside,
    ];
  });
}
