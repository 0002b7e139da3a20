/**
 * Verdicts on connectors that are kept from run to run: a certification takes seconds of each run, and says the same as
 * long as nothing of what it judges, or judges with, has changed. Looked up by content alone.
 *
 * Only a conformant verdict is kept: what went wrong may have been the machine, and is judged again. The config is part
 * of the key as a digest; no secret of it stands in what is kept (harness/connector/secrets.ts).
 */
import { createHash, type Hash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageFolder, resolvePackage, resolvePath } from '../../mocks/logto/locate-connector.ts';
import { readGiven } from '../../reports/given-file.ts';
import { ROOT } from '../config/defaults.ts';
import { demandOwn, places } from '../machine/caches.js';
import type { ConnectorReport } from './report.ts';

export interface Judged {
  /** Package or path. */
  connector: string;
  /** Path of the config, or the config itself. */
  config: string | Record<string, unknown>;
  /** Folder that the connector is looked up from. */
  from: string;
  /** Seconds that it may wait for a silent carrier. */
  patience: number;
}

/** A package of more files, or bytes, is not the package of a connector alone, such as a whole repository. */
const FILES_MAX = 400;
const BYTES_MAX = 8_000_000;
/** Verdicts that are kept at once. */
const KEPT_MAX = 20;

/** Files of a folder, by name; throws when they are too many or too large to be read each time. */
function filesOf(folder: string, room = { files: 0, bytes: 0 }): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (/^(node_modules|\.git|conformance-results)$/.test(entry.name)) return [];
    if (entry.isDirectory()) return filesOf(file, room);
    if (!entry.isFile()) return [];
    room.files += 1;
    room.bytes += statSync(file).size;
    if (room.files > FILES_MAX || room.bytes > BYTES_MAX) throw new Error(`${folder} is too large`);
    return [file];
  });
}

function add(hash: Hash, files: readonly string[]): void {
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(file));
}

/** The nearest record of what is installed above a folder: npm writes one, whatever the package manager of the app. */
function installed(folder: string): Buffer | string {
  for (let place = folder; ; place = path.dirname(place)) {
    for (const name of [
      'node_modules/.package-lock.json',
      'package-lock.json',
      'pnpm-lock.yaml',
      'yarn.lock',
      'bun.lock',
    ])
      try {
        return readFileSync(path.join(place, name));
      } catch {
        // not there
      }
    if (path.dirname(place) === place) return '';
  }
}

/** Sources that a certification is made by, in a checkout and in the package: rooms, and files beside them. */
const ROOMS = ['harness/connector', 'mocks/carrier', 'mocks/control', 'mocks/twilio'];
const BESIDE = ['mocks', 'mocks/logto'];

function ourSources(): string[] {
  const beside = BESIDE.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => path.join(ROOT, folder, name)),
  );
  const files = [...ROOMS.flatMap((room) => filesOf(path.join(ROOT, room))), ...beside];
  return files.filter((file) => /\.(ts|js|json)$/.test(file) && !/\.(test|d)\.ts$/.test(file)).sort();
}

/** What the verdict depends on, as one digest; undefined when that cannot be told. */
export function keyOf({ connector, config, from, patience }: Judged): string | undefined {
  try {
    const file = /^[./]/.test(connector)
      ? resolvePath(path.resolve(from, connector))
      : resolvePackage(connector, from);
    const folder = packageFolder(file);
    const hash = createHash('sha256');
    const told = [
      process.version,
      process.platform,
      process.env.NODE_OPTIONS ?? '',
      connector,
      file,
      patience,
    ];
    const text =
      typeof config === 'string' ? readGiven(path.resolve(from, config), { keepMark: true }) : config;
    hash.update(JSON.stringify([...told, config, text]));
    add(hash, [path.join(ROOT, 'package.json'), ...ourSources(), ...filesOf(folder)]);
    hash.update(installed(ROOT)).update(installed(folder));
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}

const folderIn = (place: string) => demandOwn(path.join(demandOwn(place), 'connectors'));

/** The verdict that was kept under a key, with when it was made. */
export function keptVerdict(
  key: string | undefined,
): { report: ConnectorReport; judgedAt: string } | undefined {
  if (!key) return undefined;
  for (const place of places()) {
    try {
      const kept = JSON.parse(readFileSync(path.join(folderIn(place), `${key}.json`), 'utf8'));
      if (kept.report?.schema === 'urn:authjs-conformance:connector-report:1' && kept.judgedAt) return kept;
    } catch {
      // none is kept there
    }
  }
  return undefined;
}

/** Keeps a verdict, and the newest few of others; where nothing can be kept, it is judged again. */
export function keepVerdict(key: string | undefined, report: ConnectorReport): void {
  if (!key || report.verdict !== 'conformant') return;
  for (const place of places()) {
    try {
      const folder = folderIn(place);
      const file = path.join(folder, `${key}.json`);
      writeFileSync(
        `${file}.${process.pid}`,
        JSON.stringify({ judgedAt: new Date().toISOString(), report }),
        {
          mode: 0o600,
        },
      );
      renameSync(`${file}.${process.pid}`, file);
      const all = readdirSync(folder).map((name) => path.join(folder, name));
      const oldest = all.map((each) => ({ each, at: statSync(each).mtimeMs })).sort((a, b) => b.at - a.at);
      for (const { each } of oldest.slice(KEPT_MAX)) rmSync(each, { force: true });
      return;
    } catch {
      // another place, or none
    }
  }
}
