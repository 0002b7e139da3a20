/** What a browser says of itself, asked once for each file: to start one takes as long as ten checks. */
import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { demandOwn, places } from '../machine/caches.js';
import type { LabDescription } from './lab-description.ts';

const versions = new Map<string, string>();

/** `Chromium 153.0.7000.0`, as the browser says itself; its file name where it says nothing. */
export function browserOf({ executablePath, env }: LabDescription['browser']): string | undefined {
  if (!executablePath) return undefined;
  const key = keyOf(executablePath);
  const known = versions.get(key) ?? kept()[key];
  if (known) return known;
  let told: string | undefined;
  try {
    told = execFileSync(executablePath, ['--version', '--no-sandbox'], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5000,
    })
      .toString()
      .trim();
  } catch {
    // its name is all that is known
  }
  if (!told || !/\d+\./.test(told)) return path.basename(executablePath);
  versions.set(key, told);
  keep(key, told);
  return told;
}

/** Another file at the same path has another time or size. */
function keyOf(file: string): string {
  try {
    const { mtimeMs, ctimeMs, size } = statSync(file);
    return [file, size, mtimeMs, ctimeMs].join(' ');
  } catch {
    return file;
  }
}

const fileIn = (place: string) => path.join(demandOwn(place), 'browser-versions.json');

function kept(): Record<string, string> {
  for (const place of places()) {
    try {
      const read: unknown = JSON.parse(readFileSync(fileIn(place), 'utf8'));
      if (read && typeof read === 'object' && Object.values(read).every((each) => typeof each === 'string'))
        return read as Record<string, string>;
    } catch {
      // nothing is kept there
    }
  }
  return {};
}

/** Kept for the next run, the newest eight; where nothing can be kept, the browser is asked again. */
function keep(key: string, told: string): void {
  const all = Object.entries({ ...kept(), [key]: told }).slice(-8);
  for (const place of places()) {
    try {
      const file = fileIn(place);
      const half = `${file}.${process.pid}`;
      writeFileSync(half, JSON.stringify(Object.fromEntries(all)), { mode: 0o600 });
      renameSync(half, file);
      return;
    } catch {
      // another place, or none
    }
  }
}
