/** Which files of some folders change, without what no person edits. */
import { type FSWatcher, lstatSync, readdirSync, watch as watchFolder } from 'node:fs';
import path from 'node:path';

/** Folders that tools fill, or that a run itself writes to. */
const FOLDERS =
  /(^|\/)(node_modules|\.git|\.hg|\.svn|\.next|\.nuxt|\.output|\.svelte-kit|\.astro|\.turbo|\.cache|\.vite|\.parcel-cache|\.vercel|\.netlify|\.idea|\.vscode|dist|build|coverage|logs|test-results|playwright-report|conformance-results)(\/|$)/;
/** Files that an app, an editor or a compiler writes: logs, databases, copies, marks. */
const FILES =
  /(~|\.sw[px]|\.(log|pid|tsbuildinfo|db|sqlite3?)([-.]\w+)?|(^|\/)(next-env\.d\.ts|\.DS_Store|\.#[^/]*|4913))$/;

/** Milliseconds without a further change: who saves several files does so at once. */
const CALM_MS = 50;

/** Whether a change to a file is one to run again for; both are relative to the watched folder. */
export const matters = (file: string, out: string): boolean => {
  const name = file.split(path.sep).join('/');
  return (
    !FOLDERS.test(name) &&
    !FILES.test(name) &&
    !(out && (file === out || file.startsWith(`${out}${path.sep}`)))
  );
};

export interface Watcher {
  /**
   * Watches these folders with all below them, and none else.
   *
   * @param out absolute folder of the reports, which is left out
   */
  over(folders: readonly string[], out: string): void;
  /** Watches one folder without those below it, as long as nothing else is watched. */
  besides(folder: string): void;
  /** Files that have changed since it was last asked, once it has been calm for a moment; none when the signal came. */
  changed(signal: AbortSignal): Promise<string[]>;
  /** A file whose changes are of no interest any more. */
  leave(file: string): void;
  close(): void;
}

/** @param tell one line for people, when not everything can be watched */
export function createWatcher(tell: (line: string) => void): Watcher {
  const watchers = new Map<string, FSWatcher>();
  const left = new Set<string>();
  const pending = new Set<string>();
  let roots: readonly string[] = [];
  let out = '';
  let isTold = false;
  let calm: NodeJS.Timeout | undefined;
  let isCalm = true;
  let arrived: (() => void) | undefined;

  const isOfInterest = (root: string, file: string) =>
    matters(path.relative(root, file), path.relative(root, out)) && !left.has(file);

  function note(file: string): void {
    pending.add(file);
    isCalm = false;
    clearTimeout(calm);
    calm = setTimeout(() => {
      isCalm = true;
      arrived?.();
    }, CALM_MS);
  }

  function add(folder: string, recursive: boolean, listener: (name: string) => void): void {
    try {
      const watcher = watchFolder(folder, { recursive }, (_event, name) => name && listener(name.toString()));
      watcher.on('error', () => drop(folder));
      watchers.set(folder, watcher);
    } catch (error) {
      if (isTold || (error as NodeJS.ErrnoException).code === 'ENOENT') return;
      isTold = true;
      tell(`not every folder can be watched: ${(error as Error).message}`);
    }
  }

  function drop(folder: string): void {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  }

  /**
   * One watcher for each folder: Node's own recursion on Linux looks at every file first, those of node_modules too.
   *
   * @param found told each file that is there already
   */
  function addTree(root: string, folder: string, found: (file: string) => void = () => {}): void {
    if (watchers.has(folder)) return;
    add(folder, false, (name) => {
      const file = path.join(folder, name);
      if (!isOfInterest(root, file)) return;
      const stat = lstatSync(file, { throwIfNoEntry: false });
      if (stat?.isDirectory()) addTree(root, file, note);
      else {
        if (!stat) drop(file);
        note(file);
      }
    });
    let entries: ReturnType<typeof entriesOf> = [];
    try {
      entries = entriesOf(folder);
    } catch {
      // gone already, or nobody's to read
    }
    for (const entry of entries) {
      const file = path.join(folder, entry.name);
      if (!isOfInterest(root, file)) continue;
      if (entry.isDirectory()) addTree(root, file, found);
      else found(file);
    }
  }

  const endAll = () => {
    for (const folder of [...watchers.keys()]) drop(folder);
  };

  return {
    over(folders, reports) {
      if (folders.join('\0') === roots.join('\0') && out === reports) return;
      endAll();
      roots = folders;
      out = reports;
      for (const root of roots) {
        if (process.platform === 'linux') addTree(root, root);
        else
          add(root, true, (name) => {
            const file = path.join(root, name);
            if (isOfInterest(root, file)) note(file);
          });
      }
    },
    besides(folder) {
      if (roots.length > 0 || watchers.has(folder)) return;
      add(folder, false, (name) => {
        const file = path.join(folder, name);
        if (isOfInterest(folder, file)) note(file);
      });
    },
    async changed(signal) {
      await new Promise<void>((resolve) => {
        const done = () => {
          arrived = undefined;
          signal.removeEventListener('abort', done);
          resolve();
        };
        if (signal.aborted || (pending.size > 0 && isCalm)) return resolve();
        signal.addEventListener('abort', done);
        arrived = done;
      });
      if (signal.aborted) return [];
      const files = [...pending].filter((file) => !left.has(file));
      pending.clear();
      return files;
    },
    leave(file) {
      left.add(file);
      pending.delete(file);
    },
    close() {
      clearTimeout(calm);
      endAll();
    },
  };
}

const entriesOf = (folder: string) => readdirSync(folder, { withFileTypes: true });
