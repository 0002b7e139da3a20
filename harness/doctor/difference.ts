/** Shows where two texts differ: one below the other, with carets under what differs. */

/**
 * @param rows label and text; the second is compared with the first
 * @returns three lines, indented by four spaces
 */
export function difference(
  first: [label: string, text: string],
  second: [label: string, text: string],
): string {
  const width = Math.max(first[0].length, second[0].length) + 2;
  const [a, b] = [first[1], second[1]];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let same = 0;
  while (same < a.length - start && same < b.length - start && a.at(-1 - same) === b.at(-1 - same)) same += 1;
  const carets = '^'.repeat(Math.max(1, b.length - same - start));
  return [
    `    ${first[0].padEnd(width)}${a}`,
    `    ${second[0].padEnd(width)}${b}`,
    `    ${' '.repeat(width + start)}${carets}`,
  ].join('\n');
}
