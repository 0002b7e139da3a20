/**
 * `node harness/upkeep/install-size.ts <node_modules>`: what an install brings, in MB (1,048,576 bytes of files), the ten largest
 * packages beside the browser. A file with two names counts once.
 */
import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';

export const BROWSER = '@sparticuz/chromium';
const MEGABYTE = 1_048_576;

/** Bytes of the files in a folder, its own `node_modules` among them. */
function bytesIn(folder: string, seen: Set<number>): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) bytes += bytesIn(file, seen);
    else if (entry.isFile()) {
      const { ino, nlink, size } = lstatSync(file);
      if (nlink > 1 && seen.has(ino)) continue;
      seen.add(ino);
      bytes += size;
    }
  }
  return bytes;
}

/** Packages of a `node_modules`, the largest first, each with its MB. */
export function sizesIn(folder: string): { name: string; megabytes: number }[] {
  const seen = new Set<number>();
  const names = readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(path.join(folder, name)).map((each) => `${name}/${each}`) : [name],
    );
  return names
    .map((name) => ({ name, megabytes: bytesIn(path.join(folder, name), seen) / MEGABYTE }))
    .sort((a, b) => b.megabytes - a.megabytes);
}

/** All of it, all but the browser, and the ten largest of these, as one line of text. */
export function told(sizes: ReturnType<typeof sizesIn>): { all: number; beside: number; text: string } {
  const sum = (list: typeof sizes) => list.reduce((total, { megabytes }) => total + megabytes, 0);
  const others = sizes.filter(({ name }) => name !== BROWSER);
  const [all, beside] = [sum(sizes), sum(others)];
  const largest = others.slice(0, 10).map(({ name, megabytes }) => `${name} ${megabytes.toFixed(1)}`);
  return {
    all,
    beside,
    text: `${all.toFixed(0)} MB, ${beside.toFixed(0)} of them beside the browser: ${largest.join(', ')}`,
  };
}

if (process.argv[1] === import.meta.filename)
  process.stdout.write(`${told(sizesIn(process.argv[2] ?? 'node_modules')).text}\n`);
