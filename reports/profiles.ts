/**
 * Profiles: named sets of checks that count for "conformant". A check that came later runs, and is not scored, so that a
 * new release of the suite never fails an app that was conformant. Pure but for reading their files.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { catalogueIds } from './catalogue-ids.ts';
import type { CheckMeta, Level } from './model.ts';

/** A profile as it is written. */
export interface ProfileFile {
  name: string;
  title: string;
  /** A frozen profile never changes; the one in the making holds every check of the catalogue. */
  frozen: boolean;
  /** Takes the checks of another profile, and raises some. */
  extends?: string;
  /** Check → its level in this profile. */
  checks: Record<string, Level>;
}

export interface Profile {
  name: string;
  title: string;
  frozen: boolean;
  /** Check → its level, those of the extended profile among them. */
  levels: ReadonlyMap<string, Level>;
  /** Checks whose level is higher than in the profile it extends: no limit of a library excuses them. */
  raised: ReadonlySet<string>;
}

const FOLDER = path.join(import.meta.dirname, 'profiles');

/** Names of all profiles, the dated ones first. */
export const profileNames = (folder = FOLDER): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort();

/** The newest dated profile: what a run is scored by when nobody chooses. */
export const defaultProfile = (folder = FOLDER): string =>
  profileNames(folder)
    .filter((name) => /^\d{4}-\d{2}$/.test(name))
    .at(-1) as string;

export const readProfile = (name: string, folder = FOLDER): ProfileFile =>
  JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8'));

/** Those that come with this version do not change while a process lives. */
const shippedProfiles = new Map<string, Profile>();

/**
 * A profile by its name, with what it extends.
 *
 * @throws when there is none of that name; the config refuses it before
 */
export function profileOf(name: string, folder = FOLDER): Profile {
  const before = folder === FOLDER ? shippedProfiles.get(name) : undefined;
  if (before) return before;
  const profile = readWhole(name, folder);
  if (folder === FOLDER) shippedProfiles.set(name, profile);
  return profile;
}

function readWhole(name: string, folder: string): Profile {
  const { title, frozen, checks, extends: base } = readProfile(name, folder);
  const under = base ? profileOf(base, folder) : undefined;
  return {
    name,
    title,
    frozen: under ? under.frozen && frozen : frozen,
    levels: new Map([...(under?.levels ?? []), ...Object.entries(checks)]),
    raised: new Set(under ? Object.keys(checks) : []),
  };
}

/** Whether a check counts: own checks of apps do, and of the catalogue those that the profile names. */
export const isScored = (
  id: string,
  { levels }: Pick<Profile, 'levels'>,
  shipped = catalogueIds(),
): boolean => levels.has(id) || !shipped.includes(id);

/** A check as a profile has it: with its level there, or marked as not scored. */
export function inProfile<Meta extends Pick<CheckMeta, 'id' | 'level'>>(
  meta: Meta,
  profile: Pick<Profile, 'levels'>,
  shipped = catalogueIds(),
): Meta & { notScored?: true } {
  const level = profile.levels.get(meta.id);
  if (level) return { ...meta, level };
  return isScored(meta.id, profile, shipped) ? meta : { ...meta, notScored: true };
}
