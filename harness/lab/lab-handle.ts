/** A running lab, as whoever started it holds it. */
import type { ControlClient, Mocks } from '../../mocks/index.ts';
import type { TargetLog } from '../targets/target-log.ts';
import type { LabDescription } from './lab-description.ts';

export interface Lab {
  description: LabDescription;
  /** File with the description, for the workers. */
  file: string;
  /** Client of the control server. */
  client: ControlClient;
  /** The mocks, for proofs that look behind them; before a real tenant the app meets the control server alone. */
  mocks: Mocks;
  log: TargetLog;
  /** @returns what is left to be told once everything has ended */
  stop(): Promise<void>;
}

export interface StartOfApp {
  signal?: AbortSignal;
  meanwhile?: () => unknown;
}

/** Mocks that run, or a tenant that is open, for an app that is not started yet. */
export interface OpenedLab {
  /**
   * Starts the app, asks it where its endpoints are, and registers it; called once.
   *
   * @param app.signal ends the wait for an app of which nobody wants to know any more
   * @param app.meanwhile done once, while an app that we start comes up
   * @throws ConformanceError with the code of whatever went wrong; all that was started is stopped before
   */
  start(app?: StartOfApp): Promise<Lab>;
  /** Ends what was started. */
  stop(): Promise<void>;
}

export interface LabOptions {
  /** Told what is going on, in a few words. */
  progress?: (text: string) => void;
  /** Where the app's output goes; it outlives a lab that does not start. */
  log?: TargetLog;
  /** Nothing that was judged in an earlier run counts (`--fresh`). */
  fresh?: boolean;
  /** Where the description for the workers is written (default: a file in a temporary folder of its own). */
  file?: string;
}
