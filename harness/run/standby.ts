/**
 * What the next run of `--watch` will need, made ready while nobody waits: Playwright with its checks loaded, and mocks.
 * A run that takes it begins with processes, people and a journal as new as those of any other run.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { readGiven } from '../../reports/given-file.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { openLab } from '../lab/lab.ts';
import type { OpenedLab } from '../lab/lab-handle.ts';
import { CRASHES_FILE, END_FILE } from '../lab/target-end.ts';
import { closePlace, openPlace } from '../machine/place.ts';
import { createTargetLog, type TargetLog } from '../targets/target-log.ts';
import { factsFileOf } from './facts.ts';
import { keyOfSuites, type Suites, type SuitesProcess, startSuites } from './suites-process.ts';

/** What is ready for a run; whoever takes it ends it. */
export interface Ready {
  /** Temporary folder of the run. */
  place: string;
  labFile: string;
  log: TargetLog;
  suites?: SuitesProcess;
  lab?: OpenedLab;
  /** Where the lab tells from now on what is going on. */
  tell(print: (text: string) => void): void;
}

export interface Standby {
  /** Makes ready what a run like this needs, unless it is already. */
  prepare(asked: Suites): void;
  /** What is ready for this run; what was made ready for another one is ended. */
  take(asked: Suites): Promise<Ready | undefined>;
  /** Takes suites back that have not begun, from a run that is given up. */
  giveBack(asked: Suites, ready: Pick<Ready, 'place' | 'labFile' | 'suites'>): void;
  /** Ends what is ready. */
  close(): Promise<void>;
}

const labFileIn = (place: string) => path.join(place, 'lab.json');

/** Text of a file that a setting names; nothing when it names none that can be read. */
function textOf(folder: string, given: unknown): string | undefined {
  if (typeof given !== 'string') return undefined;
  try {
    return readGiven(path.resolve(folder, given));
  } catch {
    return undefined;
  }
}

/**
 * Two runs with the same key want the same of mocks that no app has asked yet; undefined for runs whose lab is better opened
 * when it is needed: a real tenant, a second app, a connector that is being written.
 */
export function keyOfLab({ config, folder, origins }: LoadedConfig): string | undefined {
  const { live, also, connector, emailConnector: mail } = config;
  const packages = [connector.package, typeof mail === 'object' ? (mail.package ?? '') : ''];
  if (live.issuer !== undefined || also !== undefined || packages.some((name) => /^[./]/.test(name)))
    return undefined;
  const named = [
    connector.config,
    typeof mail === 'object' ? mail.config : undefined,
    config.signInExperience,
    config.target.ca,
  ];
  return JSON.stringify([config, folder, origins, named.map((given) => textOf(folder, given) ?? null)]);
}

/** Playwright's own tools ask by themselves when to run; a real tenant is asked for nothing in advance. */
const isForAnything = ({ options, loaded: { config } }: Suites) =>
  !options.mode && config.live.issuer === undefined;
const isForSuites = (asked: Suites) => isForAnything(asked) && !asked.options.quick;

interface Waiting extends Omit<Ready, 'lab' | 'tell'> {
  suitesKey: string;
  labKey?: string;
  /** Nothing when it could not be opened: whoever needs it tells why. */
  lab?: Promise<OpenedLab | undefined>;
  tell(text: string): void;
}

export function createStandby(): Standby {
  let waiting: Waiting | undefined;

  const fits = (asked: Suites, { suites, suitesKey }: Waiting) =>
    suitesKey === keyOfSuites(asked) && (suites ? suites.lives : !isForSuites(asked));

  async function end(gone: Waiting | undefined): Promise<void> {
    if (!gone) return;
    gone.suites?.abandon();
    await (await gone.lab)?.stop();
    closePlace(gone.place);
  }

  function openFor(asked: Suites, ready: Waiting): void {
    ready.labKey = keyOfLab(asked.loaded);
    ready.lab =
      ready.labKey === undefined
        ? undefined
        : openLab(asked.loaded, {
            progress: (text) => ready.tell(text),
            log: ready.log,
            file: ready.labFile,
            fresh: asked.options.fresh,
          }).catch(() => undefined);
  }

  return {
    prepare(asked) {
      if (waiting && fits(asked, waiting)) {
        if (!waiting.lab) openFor(asked, waiting);
        return;
      }
      const before = waiting;
      waiting = undefined;
      void end(before);
      if (!isForAnything(asked)) return;
      const place = openPlace();
      const labFile = labFileIn(place);
      // Own checks may import what has changed until then: they are loaded when the run begins.
      const own = asked.loaded.config.checks.length > 0;
      waiting = {
        place,
        labFile,
        log: createTargetLog(),
        suites: isForSuites(asked) ? startSuites(asked, labFile, own ? 'setup' : 'workers') : undefined,
        suitesKey: keyOfSuites(asked),
        tell: () => {},
      };
      openFor(asked, waiting);
    },
    async take(asked) {
      const ready = waiting;
      waiting = undefined;
      if (!ready) return undefined;
      if (!fits(asked, ready)) {
        await end(ready);
        return undefined;
      }
      const opened = await ready.lab;
      const isSame = ready.labKey !== undefined && ready.labKey === keyOfLab(asked.loaded);
      if (!isSame) await opened?.stop();
      const { place, labFile, log, suites } = ready;
      return {
        place,
        labFile,
        log: isSame ? log : createTargetLog(),
        suites,
        lab: isSame ? opened : undefined,
        tell: (print) => {
          ready.tell = print;
        },
      };
    },
    giveBack(asked, { place, labFile, suites }) {
      const beside = [END_FILE, CRASHES_FILE].map((name) => path.join(place, name));
      for (const file of [labFile, factsFileOf(labFile), ...beside]) rmSync(file, { force: true });
      waiting = {
        place,
        labFile,
        log: createTargetLog(),
        suites,
        suitesKey: keyOfSuites(asked),
        tell: () => {},
      };
    },
    close() {
      const gone = waiting;
      waiting = undefined;
      return end(gone);
    },
  };
}
