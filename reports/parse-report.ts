/** From the text of `report.json` to a report. */
import { z } from 'zod';
import { evidence } from './check-schema.ts';
import type { Report } from './model.ts';
import { putBack, unpack } from './packed.ts';
import { ReportError } from './report-error.ts';
import { reportSchema } from './schema.ts';
import { visibleIn } from './visible.ts';

/**
 * Reads a report from the text of `report.json`.
 *
 * @param name shown in errors, such as the path
 * @param options.evidence false for who asks for verdicts only: what is packed stays away
 * @throws ReportError CONF_REPORT_UNREADABLE or CONF_REPORT_VERSION
 */
export function parseReport(
  text: string,
  name = 'report.json',
  { evidence: isWanted = true }: { evidence?: boolean } = {},
): Report {
  const unreadable = (what: string) =>
    new ReportError({
      code: 'CONF_REPORT_UNREADABLE',
      what: `${name} ${what}`,
      expected: 'a report.json that `npx authjs-conformance run` wrote',
      remedy: 'give the path of such a file, or run again.',
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unreadable(`is no JSON: ${(error as Error).message}`);
  }
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version !== 1) {
    throw new ReportError({
      code: 'CONF_REPORT_VERSION',
      what: `${name} is a report of version ${version}`,
      expected: 'version 1',
      remedy: 'use the version of authjs-conformance that wrote it.',
    });
  }
  // Reports of older versions know no such verdict.
  const counts = (value as { counts?: Record<string, number> } | null)?.counts;
  if (counts && typeof counts === 'object') counts['not judged'] ??= 0;
  const parsed = reportSchema.safeParse(value);
  if (!parsed.success)
    throw unreadable(`is no report:\n${z.prettifyError(parsed.error).split('\n').slice(0, 12).join('\n')}`);
  const { evidence: kept, ...report } = parsed.data;
  if (!kept || !isWanted) return visibleIn(report);
  const told = packedIn(kept.packed);
  if (!told.success) throw unreadable(`holds evidence that cannot be unpacked: ${told.why}`);
  return visibleIn({ ...report, checks: putBack(report.checks, told.data) });
}

/** The evidence in its shape, or why there is none. */
function packedIn(
  text: string,
): { success: true; data: z.infer<typeof evidence> } | { success: false; why: string } {
  try {
    const parsed = evidence.safeParse(unpack(text));
    if (parsed.success) return parsed;
    return { success: false, why: z.prettifyError(parsed.error).split('\n').slice(0, 2).join(' ') };
  } catch (error) {
    return { success: false, why: (error as Error).message };
  }
}
