/** Which published advisories the installed versions of an app are affected by. */
import path from 'node:path';
import { compare, satisfies } from 'semver';
import { readGivenJson } from '../../reports/given-file.ts';
import type { AdvisoryNote } from '../../reports/model.ts';
import { ADVISORY_SEVERITIES, type Advisory, advisories } from './advisories.ts';
import { type InstalledVersions, installedIn } from './lock-file.ts';

/** Pre-releases count as versions of their own line: 5.0.0-beta.31 is below 5.0.0-beta.32, and in `<5.0.0`. */
const inRange = (version: string, range: string): boolean =>
  satisfies(version, range, { includePrerelease: true });

/**
 * Compares versions with the data; pure.
 *
 * @returns the worst first, each once for a package and version
 */
export function affectedBy(
  installed: InstalledVersions,
  known: readonly Advisory[] = advisories(),
): AdvisoryNote[] {
  return known
    .flatMap(({ id, cve, severity, summary, source, shows, notJudged, packages }) =>
      packages.flatMap(({ name, affected, fixed }) =>
        [...(installed.get(name) ?? [])]
          .filter((version) => inRange(version, affected))
          .map(
            (version): AdvisoryNote => ({
              id,
              ...(cve && { cve }),
              severity,
              package: name,
              version,
              ...(fixed[0] && { fixed: fixed[0] }),
              summary,
              source,
              ...(shows && { shows }),
              ...(notJudged && { notJudged }),
            }),
          ),
      ),
    )
    .filter(
      (one, index, all) =>
        all.findIndex(
          (each) => each.id === one.id && each.package === one.package && each.version === one.version,
        ) === index,
    )
    .sort(
      (a, b) =>
        ADVISORY_SEVERITIES.indexOf(a.severity) - ADVISORY_SEVERITIES.indexOf(b.severity) ||
        a.package.localeCompare(b.package) ||
        a.id.localeCompare(b.id),
    );
}

/** Packages that come with another one: an app of a workspace uses them without naming them. */
const COMES_ALONG = ['@auth/core'];

/** What the package.json of a folder names, or undefined when there is none. */
function namedIn(folder: string): Set<string> | undefined {
  try {
    const { dependencies = {}, devDependencies = {} } = readGivenJson(
      path.join(folder, 'package.json'),
    ) as Record<string, object | undefined>;
    return new Set(Object.keys({ ...dependencies, ...devDependencies }));
  } catch {
    return undefined;
  }
}

/**
 * The advisories that the app in a folder is affected by, by its lock file or what is installed, worst first.
 *
 * In a workspace, whose lock file holds what other apps use, only what the app names counts.
 */
export function advisoriesOf(folder: string): AdvisoryNote[] {
  const names = [...new Set(advisories().flatMap(({ packages }) => packages.map(({ name }) => name)))];
  const { versions, lockFile } = installedIn(folder, names);
  const alone = lockFile && path.dirname(lockFile) === path.resolve(folder);
  const named = alone ? undefined : namedIn(folder);
  return affectedBy(versions).filter(
    ({ package: name }) => !named || named.has(name) || COMES_ALONG.includes(name),
  );
}

/** The smallest update that is without the advisories of a package at one version, or undefined. */
export const updateFor = (those: readonly AdvisoryNote[]): string | undefined =>
  those
    .flatMap(({ fixed }) => fixed ?? [])
    .sort(compare)
    .at(-1);
