/** Copies of the bundled targets, with deliberate mistakes; for tests. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../defaults.ts';

export interface Variant {
  /** The copy, without the target's conformance config. */
  folder: string;
  remove(): void;
}

const NOT_COPIED =
  /^(node_modules|\.next|build|dist|\.svelte-kit|\.astro|conformance\.config\.ts|conformance-results)$/;

/**
 * Copies a target out of the repository; its packages are reached by links.
 *
 * @param edits file → texts to replace; a text that is not there is an error
 */
export function copyTarget(name: string, edits: Record<string, [from: string, to: string][]> = {}): Variant {
  const place = mkdtempSync(path.join(os.tmpdir(), 'authjs-variant-'));
  const target = path.join(ROOT, 'fixtures/targets', name);
  const folder = path.join(place, name);
  cpSync(target, folder, { recursive: true, filter: (file) => !NOT_COPIED.test(path.basename(file)) });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(place, 'node_modules'));
  const own = path.join(target, 'node_modules');
  if (existsSync(own)) symlinkSync(own, path.join(folder, 'node_modules'));
  for (const [file, replacements] of Object.entries(edits)) {
    let text = readFileSync(path.join(folder, file), 'utf8');
    for (const [from, to] of replacements) {
      if (!text.includes(from)) throw new Error(`${name}/${file} has no "${from}"`);
      text = text.replace(from, to);
    }
    writeFileSync(path.join(folder, file), text);
  }
  return { folder, remove: () => rmSync(place, { recursive: true, force: true }) };
}
