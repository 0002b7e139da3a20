/** What a report says first of an app that was run by a development server. */
import type { Report } from './model.ts';

/** One sentence, or undefined for an app that was run as people use it. */
export const devServerNote = ({ target: { devServer } }: Pick<Report, 'target'>): string | undefined =>
  devServer &&
  `The app was run by a development server (${devServer}): errors, headers, caching and cookies may differ from what people get. Judge the production build before you believe this report: target.prepare builds it, target.command starts it.`;
