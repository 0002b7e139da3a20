/** Files of an app's folder that are there for its server alone, asked for as a stranger who knows what such files are called. */
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import type { LabDescription } from '../../lab/lab-description.ts';
import { devServerOf, scriptsIn } from '../../targets/dev-server.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { send } from '../doors/send.ts';

/** Settings, keys, databases and the history of the sources. */
const SECRET = /^\.env(?:\..+)?$|^\.npmrc$|\.(?:pem|key|p12|sqlite3?|db)$|^(?:docker-)?compose\.ya?ml$/i;
const FOR_ALL = /example|sample|template|public/i;
const OF_GIT = ['.git/HEAD', '.git/config'];
/** What such a file begins with, where the folder of the app is not known, or the file is not in it. */
const SETTINGS = /^(?:#.*\n|\s*\n)*(?:export )?[A-Z][A-Z0-9_]*=/;
const DUMP =
  /^(?:--[^\n]*(?:dump|database|sql)|(?:CREATE|DROP) TABLE|INSERT INTO|PRAGMA |BEGIN TRANSACTION)/i;
const KNOWN: Record<string, RegExp> = {
  '.env': SETTINGS,
  '.git/HEAD': /^ref: refs\/heads\//,
  '.git/config': /^\[core\]/,
};
/** Copies that somebody made by hand, where they are usually left (CWE-530). */
const COPIES: Record<string, RegExp> = {
  '.env.bak': SETTINGS,
  '.env.local': SETTINGS,
  '.env.production': SETTINGS,
  'backup.sql': DUMP,
  'dump.sql': DUMP,
  'database.sql': DUMP,
};
/** A file that each app has: whoever reads it by a way out of a folder of files reads the others as well. */
const OF_EACH_APP = 'package.json';
const FOLDERS_MAX = 4;
const FILES_MAX = 12;
/** Bytes by which a file is known again. */
const BEGINNING = 160;

/** What a file begins with, as text; undefined when it is none, or too short to be told from something else. */
function beginningOf(file: string): string | undefined {
  try {
    if (!statSync(file).isFile()) return undefined;
    const opened = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(BEGINNING);
      const text = bytes.toString('utf8', 0, readSync(opened, bytes, 0, BEGINNING, 0)).trim();
      return text.length >= 10 ? text : undefined;
    } finally {
      closeSync(opened);
    }
  } catch {
    return undefined;
  }
}

/** Names below the folder of the app, with what they begin with where they are there. */
export function filesOf(folder: string): { name: string; text?: string }[] {
  let names: string[] = [];
  try {
    names = readdirSync(folder).filter((name) => SECRET.test(name) && !FOR_ALL.test(name));
  } catch {
    // An app that runs elsewhere has no folder here.
  }
  return [...new Set([...OF_GIT, '.env', ...names.sort()])].slice(0, FILES_MAX).map((name) => {
    const text = beginningOf(path.join(folder, name));
    return text === undefined ? { name } : { name, text };
  });
}

/** Files that the server of an app is written in: the one with its Auth.js config, and the one that its command starts. */
function serverSources({ config: { target } }: LabDescription, folder: string): string[] {
  const command = target.command ?? '';
  // A development server gives browsers the sources one by one.
  if (devServerOf(command, folder)) return [];
  const scripts = scriptsIn(folder);
  const line = scripts[/\b(?:run )?(start|serve)\b/.exec(command)?.[1] ?? ''] ?? command;
  const started = /\b(?:node|tsx|bun|deno)\b[^|&;]*?\s([\w./-]+\.[cm]?[jt]s)\b/.exec(line)?.[1];
  return [target.authFile, started].flatMap((file) => (file ? path.posix.normalize(file) : []));
}

/** Addresses by which servers of files were seen to give out what lies beside or above what they serve. */
const addressesOf = (name: string): string[] => [
  `/${name}`,
  `/%2e${name.replace(/^\./, '')}`,
  `/public/${name}`,
  `/static/${name}`,
  `/static/../${name}`,
  `/static/..%2f${name}`,
];

/** Folders that pages load their files from, beside the usual ones. */
export const foldersIn = (html: string): string[] =>
  [
    ...new Set([
      'static',
      'public',
      ...[...html.matchAll(/\b(?:src|href)=["']\/([\w-]+)\/[^"']*\.\w+["']/g)].flatMap(
        ([, name]) => name ?? [],
      ),
    ]),
  ].slice(0, FOLDERS_MAX);

/** Ways out of a folder that decode an address after they have looked at it (CVE-2024-23334 and its like). */
const waysOut = (folders: readonly string[]): string[] =>
  folders.flatMap((folder) =>
    ['..%2f', '%2e%2e%2f', '..%2f..%2f', '..%5c'].map((up) => `/${folder}/${up}${OF_EACH_APP}`),
  );

/**
 * Looks for a file that is given out.
 *
 * @returns its address; undefined when there is none
 */
export async function givenOut(
  stranger: Pick<Visitor, 'agent'>,
  lab: LabDescription,
): Promise<string | undefined> {
  const folder = path.resolve(lab.folder, lab.config.target.cwd ?? '.');
  for (const { name, text } of filesOf(folder))
    for (const address of name.startsWith('.')
      ? addressesOf(name)
      : addressesOf(name).filter((to) => !to.includes('%2e'))) {
      const answer = await send(stranger, lab.app.origin, { path: address });
      if (answer?.status !== 200) continue;
      const body = answer.text.trim();
      if (text === undefined ? KNOWN[name]?.test(body) : body.startsWith(text)) return address;
    }
  const bodyOf = async (address: string) => {
    const answer = await send(stranger, lab.app.origin, { path: address });
    return answer?.status === 200 ? answer.text.trim() : '';
  };
  for (const [name, begins] of Object.entries(COPIES))
    if (begins.test(await bodyOf(`/${name}`))) return `/${name}`;
  for (const file of new Set(serverSources(lab, folder))) {
    const begins = beginningOf(path.join(folder, file));
    if (begins && (await bodyOf(`/${file}`)).startsWith(begins)) return `/${file}`;
  }
  const own = beginningOf(path.join(folder, OF_EACH_APP));
  // What stands in the folder of files as well has not been reached by a way out of it.
  if (own && !(await bodyOf(`/${OF_EACH_APP}`)).startsWith(own))
    for (const address of waysOut(foldersIn(await bodyOf(lab.config.pages.home))))
      if ((await bodyOf(address)).startsWith(own)) return address;
  return undefined;
}
