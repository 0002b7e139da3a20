/** What a run ends with is done once while nobody waits for it: code that has run before, runs faster. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { buildReport } from '../../reports/build.ts';
import { readReportText } from '../../reports/files.ts';
import { lawsOf } from '../../reports/load-laws.ts';
import { parseReport } from '../../reports/parse-report.ts';
import { terminalSummary } from '../../reports/terminal.ts';
import { writeReports } from '../../reports/writers.ts';

/**
 * Writes the reports of the last run once more, to a folder that is gone afterwards, and asks a server of its own.
 *
 * @param folder with the report.json of a run
 */
export async function rehearse(folder: string): Promise<void> {
  const stage = mkdtempSync(path.join(os.tmpdir(), 'rehearsal-'));
  const server = createServer((_, answer) => answer.end('{}')).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)).json();
    await lawsOf(process.env);
    const last = parseReport(readReportText(path.join(folder, 'report.json')));
    const report = buildReport({ facts: last, checks: last.checks.slice(0, 5) });
    writeReports(report, { outputFolder: stage, reporters: ['json', 'junit', 'html'], filesOnly: true });
    terminalSummary(report, { width: 100, colour: false, files: [] });
  } finally {
    server.close();
    rmSync(stage, { recursive: true, force: true });
  }
}
