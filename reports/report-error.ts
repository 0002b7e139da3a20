import { visibleIn } from './visible.ts';

/** A report file that cannot be used; the message has three lines. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
  readonly parts: { code: string; what: string; expected: string; remedy: string };
  constructor(given: ReportError['parts']) {
    const parts = visibleIn(given);
    super(`${parts.code}: ${parts.what}\n  Expected: ${parts.expected}\n  Do: ${parts.remedy}`);
    this.parts = parts;
  }
}
