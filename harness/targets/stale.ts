/** Whether a built app must be built again. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** Where builds leave their mark: Next.js, SvelteKit, Astro, and others. */
const MARKS = ['.next/BUILD_ID', 'build/index.js', 'dist/server/entry.mjs', 'dist/index.js'];
const IGNORED = new Set([
  'node_modules',
  '.next',
  '.svelte-kit',
  'build',
  'dist',
  '.git',
  'conformance-results',
  '.astro',
  'next-env.d.ts',
]);

const newest = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !IGNORED.has(name))
    .reduce((latest, entry) => {
      const full = path.join(folder, entry.name);
      return Math.max(latest, entry.isDirectory() ? newest(full) : statSync(full).mtimeMs);
    }, 0);

/** True when there is no build, or a source file is newer than it. */
export function isBuildStale(folder: string): boolean {
  const mark = MARKS.map((name) => path.join(folder, name)).find((file) => existsSync(file));
  return !mark || newest(folder) > statSync(mark).mtimeMs;
}
