/** Texts as a terminal shows them: signs, colours and lines. */
import { styleText } from 'node:util';
import type { Verdict } from './model.ts';

export type Format = Parameters<typeof styleText>[0];
/** Paints a text, or leaves it as it is. */
export type Paint = (format: Format, text: string) => string;
export const painter =
  (colour: boolean): Paint =>
  (format, text) =>
    colour ? styleText(format, text, { validateStream: false }) : text;

/** A sign and a colour for each verdict; the word is always there too, for those who see no colour. */
export const SIGN: Record<Verdict, { sign: string; format: Format }> = {
  pass: { sign: '✓', format: 'green' },
  fail: { sign: '✗', format: 'red' },
  warn: { sign: '!', format: 'yellow' },
  note: { sign: 'i', format: 'cyan' },
  'not applicable': { sign: '–', format: 'gray' },
  'not judged': { sign: '?', format: 'yellow' },
  blocked: { sign: '■', format: 'magenta' },
  error: { sign: '✗', format: 'magenta' },
};

/** Breaks a text into lines of at most `width` characters; words longer than a line stay whole, so that links can be clicked. */
export function wrap(text: string, width: number, indent = ''): string {
  const room = Math.max(20, width - indent.length);
  return text
    .split('\n')
    .flatMap((paragraph) => {
      const lines: string[] = [''];
      for (const word of paragraph.split(/ +/)) {
        const line = lines.at(-1) as string;
        if (line && line.length + 1 + word.length > room) lines.push(word);
        else lines[lines.length - 1] = line ? `${line} ${word}` : word;
      }
      return lines;
    })
    .map((line) => indent + line)
    .join('\n');
}

/** A label and its text side by side, or below each other where there is no room. */
export const labelled = (label: string, text: string | undefined, width: number) => {
  if (!text) return [];
  if (width < 60) return [`    ${label}:`, wrap(text, width, '      ')];
  const [first = '', ...rest] = wrap(text, width - 16).split('\n');
  return [`    ${label.padEnd(12)}${first}`, ...rest.map((line) => `${' '.repeat(16)}${line}`)];
};

/** A command stays on one line, so that it can be copied. */
export const command = (label: string, text: string, width: number) =>
  width < 60 ? [`    ${label}:`, `      ${text}`] : [`    ${label.padEnd(12)}${text}`];
