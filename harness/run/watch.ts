/** `--watch`: the same run again whenever a file of the app, or its config, changes. */
import { watch as watchFolder } from 'node:fs';
import path from 'node:path';
import type { LoadedConfig } from '../config/load-config.ts';

/** What no person edits, or what a run itself writes. */
const IGNORED =
  /(^|\/)(node_modules|\.git|\.next|\.nuxt|\.output|\.svelte-kit|\.astro|\.turbo|dist|build|coverage|test-results|conformance-results)(\/|$)|~$|\.sw[px]$/;

/** Milliseconds without a further change: editors write several files at once. */
const CALM_MS = 100;

/** Folders that are watched: of the config, and of the app. */
export const foldersOf = ({ config, folder }: LoadedConfig): string[] => {
  const app = path.resolve(folder, config.target.cwd ?? '.');
  return app === folder || app.startsWith(`${folder}${path.sep}`) ? [folder] : [...new Set([folder, app])];
};

/** Whether a change to a file is one to run again for; both are relative to the watched folder. */
export const matters = (file: string, out: string): boolean =>
  !IGNORED.test(file.split(path.sep).join('/')) &&
  !(out && (file === out || file.startsWith(`${out}${path.sep}`)));

/**
 * Runs, waits for a change, runs again, until the signal.
 *
 * @param once makes one run with a freshly read config; its errors are told by it
 * @param print one line for people
 */
export async function watchRuns(options: {
  once(): Promise<LoadedConfig | undefined>;
  folders: string[];
  signal: AbortSignal;
  print(line: string): void;
}): Promise<void> {
  const { once, print, signal } = options;
  let folders = options.folders;
  let out: string | undefined;
  while (!signal.aborted) {
    // Watched from before the run on, so that what is saved meanwhile is not missed.
    const change = nextChange(folders, signal, out);
    const loaded = await once();
    if (signal.aborted) return;
    print('\nWaiting for a change of the app or its config (Ctrl-C ends).');
    const file = await change;
    if (file === undefined) return;
    print(`\n${file} changed`);
    if (loaded) {
      folders = foldersOf(loaded);
      out = path.resolve(loaded.config.out);
    }
  }
}

/** The first file that changes and matters, once it has been calm for a moment; nothing when the signal came. */
export function nextChange(
  folders: readonly string[],
  signal: AbortSignal,
  out = path.resolve('conformance-results'),
): Promise<string | undefined> {
  return new Promise((resolve) => {
    let calm: NodeJS.Timeout | undefined;
    const watchers = folders.map((folder) =>
      watchFolder(folder, { recursive: true }, (_event, name) => {
        const file = name?.toString();
        if (!file || !matters(file, path.relative(folder, out))) return;
        clearTimeout(calm);
        calm = setTimeout(() => end(file), CALM_MS);
      }),
    );
    const end = (file?: string) => {
      clearTimeout(calm);
      signal.removeEventListener('abort', stop);
      for (const each of watchers) each.close();
      resolve(file);
    };
    const stop = () => end();
    signal.addEventListener('abort', stop);
    for (const each of watchers) each.on('error', () => {});
  });
}
