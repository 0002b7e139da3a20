/** The report as JSON: the form that every other report can be made from again. */
import type { Report } from './model.ts';
import { pack, setAside } from './packed.ts';

/** Stands for what is written in lines of its own while the rest is laid out; no text of a report begins with a zero byte. */
const PLACE = '\u0000lines ';

/**
 * Text of report.json; its digest is what a signature covers.
 *
 * Indented for people and for `git diff`, with one line for each step and exchange. The exchanges of checks that broke nothing
 * are packed into `evidence` (reports/packed.ts), because they are nine tenths of a file that nobody reads them in.
 */
export function reportText(report: Report): string {
  const before = texts.get(report);
  if (before !== undefined) return before;
  const text = textOf(report);
  texts.set(report, text);
  return text;
}

/** A report is written, and its digest stands in another file. */
const texts = new WeakMap<Report, string>();

function textOf(report: Report): string {
  const { checks, aside } = setAside(report.checks);
  const placed: (readonly unknown[])[] = [];
  const place = (items: readonly unknown[]) => {
    if (items.length === 0) return items;
    placed.push(items);
    return `${PLACE}${placed.length - 1}`;
  };
  const layout = {
    ...report,
    checks: checks.map((check) => ({
      ...check,
      steps: place(check.steps),
      exchanges: place(check.exchanges),
    })),
    ...(aside.length > 0 && {
      evidence: { checks: aside.length, encoding: 'brotli, base64', packed: pack(aside) },
    }),
  };
  const text = JSON.stringify(layout, null, 1).replace(/"\\u0000lines (\d+)"/g, (_, index) => {
    const lines = placed[Number(index)]?.map((item) => `    ${JSON.stringify(item)}`);
    return `[\n${lines?.join(',\n')}\n   ]`;
  });
  return `${text}\n`;
}
