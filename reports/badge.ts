/** A badge for a README: one SVG, no network, no font of its own. */
import { create } from 'xmlbuilder2';
import type { Report } from './model.ts';
import { extent, hasEnded, isCertification } from './scope.ts';

const COLOUR: Record<Report['result'], string> = {
  conformant: '#176b34',
  'passed in part': '#59636e',
  'not conformant': '#b3151f',
  'not judged': '#59636e',
};

/** Width of a text in Verdana 11 px, near enough that nothing is cut (measured: 6.2 to 7.1 px a character). */
const widthOf = (text: string) => Math.round(text.length * 6.7) + 12;

function textOf(report: Report, passed: string): string {
  if (!hasEnded(report)) return 'this run has not ended';
  if (report.result === 'conformant') return `conformant ${passed}`;
  if (isCertification(report) || report.scope.ran === report.scope.of || report.scope.ran === 0)
    return report.result;
  const part = `${extent(report.scope)}: not a certification`;
  return report.result === 'passed in part' ? part : `${report.result}, ${part}`;
}

/** @returns the badge; its title says what it says, for those who hear it */
export function badge(report: Report): string {
  const label = 'Auth.js + Logto';
  const judged = report.checks.filter(({ verdict }) => !verdict.startsWith('not ')).length;
  const passed = report.counts.pass;
  const text = textOf(report, `${passed}/${judged}`);
  const [left, right] = [widthOf(label), widthOf(text)];
  const title = `${label}: ${text}`;
  const svg = create().ele('svg', {
    xmlns: 'http://www.w3.org/2000/svg',
    width: left + right,
    height: 20,
    role: 'img',
    'aria-label': title,
  });
  svg.ele('title').txt(title);
  svg.ele('rect', { width: left + right, height: 20, rx: 3, fill: COLOUR[report.result] });
  svg.ele('path', { d: `M3 0h${left - 3}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z`, fill: '#3b424a' });
  const words = svg.ele('g', {
    fill: '#fff',
    'font-family': 'Verdana,DejaVu Sans,Geneva,sans-serif',
    'font-size': 11,
    'text-anchor': 'middle',
  });
  words
    .ele('text', { x: left / 2, y: 14, textLength: left - 12, lengthAdjust: 'spacingAndGlyphs' })
    .txt(label);
  words
    .ele('text', { x: left + right / 2, y: 14, textLength: right - 12, lengthAdjust: 'spacingAndGlyphs' })
    .txt(text);
  return `${svg.end({ headless: true })}\n`;
}
