/** What JSON.parse would refuse, or take without a word, in a text that somebody meant as JSON. */
import { createScanner, type Node, visit } from 'jsonc-parser';
import { type KeyPath, keyPathOf, type LineAndColumn } from './places.ts';
import type { ConnectorFinding } from './report.ts';

/** Why a parser stopped, in words that name what to do. */
export const MISTAKES: Record<string, string> = {
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
export const DEEPEST = 100;

/** Where the text nests deeper than any config does. */
export function tooDeep(text: string): number | undefined {
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

export const JSON_ONLY = 'plain JSON: Logto reads it with JSON.parse';

/** Comments and trailing commas: meant well, and refused by JSON.parse. */
export function leftoversIn(
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

export function duplicateKeys(
  node: Node,
  lineAndColumn: LineAndColumn,
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
