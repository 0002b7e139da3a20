/** Where something stands in a config: its key path, its line and column. */
export type KeyPath = (string | number)[];

export interface Place {
  offset: number;
  length: number;
}

/** Of an offset, both from 1. */
export type LineAndColumn = (offset: number) => { line: number; column: number };

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

/** Starts of lines, so that an offset is found by halving. */
export function linesOf(text: string): LineAndColumn {
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
