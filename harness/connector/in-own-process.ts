/**
 * Certifies the connector of a run in a process of its own: it watches the console and the clock, which the mocks and
 * the checks of the run would disturb, and the mocks go on answering meanwhile.
 */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { MARK } from '../machine/marked-processes.js';
import { closePlace, openPlace } from '../machine/place.ts';
import { nextMark } from '../machine/run-mark.ts';
import type { ConnectorReport } from './report.ts';

const OUTPUT_MAX = 64 * 1024 * 1024;

/**
 * @param options.config path of the config, or the config itself
 * @param options.connector package or path
 * @param options.from folder that both are looked up from
 * @param options.patience seconds that a connector may wait for a silent carrier
 * @throws Error with what the command wrote, when nothing could be judged
 */
export async function certifyInOwnProcess(options: {
  config: string | Record<string, unknown>;
  connector: string;
  from: string;
  patience: number;
}): Promise<ConnectorReport> {
  const { config, connector, from, patience } = options;
  const place = openPlace();
  try {
    const written = path.join(place, 'config.json');
    if (typeof config !== 'string') writeFileSync(written, JSON.stringify(config, null, 2), { mode: 0o600 });
    const args = [
      path.join(import.meta.dirname, '../bin.js'),
      ...['connector', typeof config === 'string' ? config : written],
      ...['--connector', connector, '--format', 'json', '--patience', String(patience)],
    ];
    const output = await new Promise<string>((resolve, reject) => {
      const env = { ...process.env, [MARK]: nextMark() };
      execFile(process.execPath, args, { cwd: from, env, maxBuffer: OUTPUT_MAX }, (error, stdout, stderr) =>
        stdout ? resolve(stdout) : reject(new Error(stderr.trim() || error?.message)),
      );
    });
    const report: ConnectorReport = JSON.parse(output);
    if (typeof config !== 'string') delete report.file;
    return report;
  } finally {
    closePlace(place);
  }
}
