/** Routes of the harness on the control server: the output of the app, its end, and the report on the connector. */
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config.ts';
import { certifyInOwnProcess } from '../connector/in-own-process.ts';
import { keepVerdict, keptVerdict, keyOf } from '../connector/kept.ts';
import { type ConnectorReport, REPORT_ROUTE } from '../connector/report.ts';
import type { TargetLog } from '../targets/target-log.ts';
import type { TargetWatch } from './target-end.ts';

/** Seconds that a connector may wait for a silent carrier in a run, where many checks wait for the certification. */
const CONNECTOR_PATIENCE = 2;

/** Milliseconds without much new after which an app has written what it had to write. */
const QUIET_MS = 80;
/** Characters in that time that are no backlog: a pipe that is behind comes in pieces of 64 KB. */
const QUIET_MAX = 16_384;
/** Milliseconds that an app which never stops writing is waited for. */
const FLOWING_MS = 15_000;

/**
 * Waits until what the app has written so far is read: it may still be in the pipe, or wait for it, when the answer is
 * already here, and the pipe is emptied only as fast as two busy processes take turns.
 *
 * @returns whether it was; an app that writes faster than it is read never lets it be
 */
async function read(log: Pick<TargetLog, 'rawPosition'>, limitMs = FLOWING_MS): Promise<boolean> {
  const begun = Date.now();
  let before = log.rawPosition;
  let quietSince = begun;
  while (Date.now() - quietSince < QUIET_MS) {
    if (Date.now() - begun > limitMs) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (log.rawPosition - before > QUIET_MAX) {
      quietSince = Date.now();
      before = log.rawPosition;
    }
  }
  return true;
}

/** For `extendControl` of the mocks. */
export const harnessRoutes =
  (options: {
    config: Config;
    folder: string;
    connectorConfig: Record<string, unknown>;
    log: TargetLog;
    watch(): TargetWatch | undefined;
    /** Nothing that was judged in an earlier run counts. */
    fresh?: boolean;
    progress?: (text: string) => void;
  }) =>
  (app: FastifyInstance): void => {
    const { config, folder, connectorConfig, log, watch, fresh, progress } = options;
    app.get<{ Querystring: { from: string; last?: string } }>('/target/log', async ({ query }) => ({
      lines: log.from(Number(query.from), query.last ? Number(query.last) : undefined),
      lost: log.lostFrom(Number(query.from)),
    }));
    app.get<{ Querystring: { limitMs: string } }>('/target/end', async ({ query }) => ({
      end: (await watch()?.ask(Number(query.limitMs))) ?? null,
    }));
    app.get<{ Querystring: { since?: string } }>('/target/raw-log', async ({ query }) => {
      const whole = await read(log);
      return {
        whole,
        position: log.rawPosition,
        ...(query.since !== undefined && log.raw(Number(query.since))),
      };
    });
    let report: Promise<ConnectorReport> | undefined;
    app.get(REPORT_ROUTE, () => {
      report ??= certifyOnce();
      return report;
    });
    async function certifyOnce(): Promise<ConnectorReport> {
      const { package: connector, config: given } = config.connector;
      const judged = {
        connector,
        config: typeof given === 'string' ? given : connectorConfig,
        from: folder,
        patience: CONNECTOR_PATIENCE,
      };
      const key = keyOf(judged);
      const kept = fresh ? undefined : keptVerdict(key);
      if (kept) {
        progress?.(
          `the connector and its config are those that were judged at ${kept.judgedAt}; --fresh judges them anew`,
        );
        return kept.report;
      }
      const told = await certifyInOwnProcess(judged);
      keepVerdict(key, told);
      return told;
    }
  };
