/** `--watch`: the same run again whenever a file of the app, or its config, changes. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { forgetEdited } from '../../mocks/read-again.ts';
import { readGiven } from '../../reports/given-file.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { createWatcher, type Watcher } from './watcher.ts';

/** Runs in a row in which a file changes, after which it is taken for what the app writes; people write these. */
const WRITTEN_TIMES = 3;
const SOURCES = /\.([mc]?[jt]sx?|vue|svelte|astro|mdx?|s?css|html?|ya?ml|toml)$|(^|[\\/])\.env[^\\/]*$/;

/** What a file holds, told apart from what it held before; nothing of one that is gone. */
function digestOf(file: string): string {
  try {
    return createHash('sha256').update(readGiven(file)).digest('base64');
  } catch {
    return '';
  }
}

/** Folders that are watched: of the config, of the app, and of what stands elsewhere. */
export const foldersOf = ({ config, folder }: LoadedConfig): string[] => {
  const { also } = config;
  const wanted = [
    folder,
    path.resolve(folder, config.target.cwd ?? '.'),
    ...(typeof also === 'string' ? [path.dirname(path.resolve(folder, also))] : []),
  ];
  // A folder that stands in another one is watched with it.
  return [...new Set(wanted)].filter(
    (each) => !wanted.some((other) => other !== each && each.startsWith(`${other}${path.sep}`)),
  );
};

export interface Once {
  /** To be called with the config as soon as it is loaded. */
  onLoad(loaded: LoadedConfig): void;
  /** Ends the run: a newer one is wanted. */
  superseded: AbortSignal;
}

/**
 * Runs, waits for a change, runs again, until the signal. A change in mid-run ends that run; the same file does so once
 * and waits then, so that an app which writes beside its sources gets its verdict.
 *
 * @param options.once makes one run with a freshly read config; its errors are told by it
 * @param options.ready called after a run that ended: nobody waits
 * @param options.folder where a config is looked for as long as none could be loaded
 * @param options.print one line for people
 */
export async function watchRuns(options: {
  once(run: Once): Promise<void>;
  ready(): void;
  folder: string;
  signal: AbortSignal;
  print(line: string): void;
  watcher?: Watcher;
}): Promise<void> {
  const { once, ready, folder, print, signal } = options;
  const watcher = options.watcher ?? createWatcher(print);
  /** In how many runs in a row each file changed, and what it held then: an app may write the same again and again. */
  let written = new Map<string, number>();
  const held = new Map<string, string>();
  let endedBy = new Set<string>();
  try {
    watcher.besides(folder);
    while (!signal.aborted) {
      const superseded = new AbortController();
      const meanwhile = new AbortController();
      let changed: string[] = [];
      const run = once({
        superseded: superseded.signal,
        onLoad: (loaded) => watcher.over(foldersOf(loaded), path.resolve(loaded.config.out)),
      }).finally(() => meanwhile.abort());
      const inRun = new Map<string, number>();
      for (;;) {
        const files = await watcher.changed(meanwhile.signal);
        if (meanwhile.signal.aborted) break;
        const others = files.filter((file) => {
          const digest = digestOf(file);
          if (held.get(file) === digest) return false;
          held.set(file, digest);
          inRun.set(file, (written.get(file) ?? 0) + 1);
          if ((inRun.get(file) ?? 0) < WRITTEN_TIMES || SOURCES.test(file)) return true;
          watcher.leave(file);
          print(`\n${nameOf(file)} changes in every run, and is not watched any more`);
          return false;
        });
        changed.push(...others);
        if (others.some((file) => !endedBy.has(file))) {
          superseded.abort();
          break;
        }
      }
      await run;
      if (signal.aborted) return;
      written = inRun;
      endedBy = new Set(superseded.signal.aborted ? changed : []);
      if (changed.length === 0) {
        ready();
        print('\nWaiting for a change of the app or its config (Ctrl-C ends).');
        changed = await watcher.changed(signal);
      }
      if (signal.aborted) return;
      print(`\n${told(changed)} changed`);
      forgetEdited();
    }
  } finally {
    watcher.close();
  }
}

const nameOf = (file: string) => path.relative(process.cwd(), file) || file;

const told = ([first, ...others]: string[]): string =>
  `${nameOf(first ?? 'a file')}${others.length ? ` and ${others.length} more` : ''}`;
