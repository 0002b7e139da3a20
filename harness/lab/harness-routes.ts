/** Routes of the harness on the control server: the output of the app, its end, and the report on the connector. */
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config.ts';
import { certifyInOwnProcess } from '../connector/in-own-process.ts';
import { type ConnectorReport, REPORT_ROUTE } from '../connector/report.ts';
import type { TargetLog } from '../targets/target-log.ts';
import type { TargetWatch } from './target-end.ts';

/** Seconds that a connector may wait for a silent carrier in a run, where many checks wait for the certification. */
const CONNECTOR_PATIENCE = 2;

/** Turns of the event loop that an app which never stops writing is waited for. */
const TURNS_MAX = 100;

/** Waits until what the app has written so far is read: it may still be in the pipe when the answer is already here. */
async function read(log: TargetLog): Promise<void> {
  let before = -1;
  for (let turn = 0, quiet = 0; turn < TURNS_MAX && quiet < 2; turn += 1) {
    quiet = before === log.rawPosition ? quiet + 1 : 0;
    before = log.rawPosition;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** For `extendControl` of the mocks. */
export const harnessRoutes =
  (options: {
    config: Config;
    folder: string;
    connectorConfig: Record<string, unknown>;
    log: TargetLog;
    watch(): TargetWatch | undefined;
  }) =>
  (app: FastifyInstance): void => {
    const { config, folder, connectorConfig, log, watch } = options;
    app.get<{ Querystring: { from: string; last?: string } }>('/target/log', async ({ query }) => ({
      lines: log.from(Number(query.from), query.last ? Number(query.last) : undefined),
      lost: log.lostFrom(Number(query.from)),
    }));
    app.get<{ Querystring: { limitMs: string } }>('/target/end', async ({ query }) => ({
      end: (await watch()?.ask(Number(query.limitMs))) ?? null,
    }));
    app.get<{ Querystring: { since?: string } }>('/target/raw-log', async ({ query }) => {
      await read(log);
      return {
        position: log.rawPosition,
        ...(query.since !== undefined && log.raw(Number(query.since))),
      };
    });
    let report: Promise<ConnectorReport> | undefined;
    app.get(REPORT_ROUTE, () => {
      report ??= certifyInOwnProcess({
        connector: config.connector.package,
        config: typeof config.connector.config === 'string' ? config.connector.config : connectorConfig,
        from: folder,
        patience: CONNECTOR_PATIENCE,
      });
      return report;
    });
  };
