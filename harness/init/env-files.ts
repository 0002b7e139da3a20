/** The `.env` files of an app: which variables they set. Values are used for addresses only, never shown. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { readGiven } from '../../reports/given-file.ts';

export interface EnvFile {
  /** File name, such as `.env.local`. */
  file: string;
  values: Record<string, string | undefined>;
}

/** Files that an app reads; examples and templates are none. */
export function readEnvFiles(folder: string): EnvFile[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\.env(\.|$)/.test(name) && !/example|sample|template|dist$/.test(name))
      .map((file) => ({ file, values: parseEnv(readGiven(path.join(folder, file))) }));
  } catch {
    return [];
  }
}

/** The first of the names that a file sets to something. */
export function setIn(
  files: readonly EnvFile[],
  ...names: string[]
): { file: string; name: string; value: string } | undefined {
  for (const name of names) {
    for (const { file, values } of files) {
      const value = values[name];
      if (value) return { file, name, value };
    }
  }
  return undefined;
}
