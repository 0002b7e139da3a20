/** Doors asked for by a script of another site in the browser of a member: laws judge who may read the answers. */
import type { AppRoutes, LabDescription } from '../../lab/lab-description.ts';
import type { Ask, Door } from './door.ts';

/** Doors that are asked for; the session beside them. */
const DOORS_MAX = 12;
/** So many are asked for with all origins, the others with the first. */
const THOROUGH = 2;

/** Origins that the sources compare the Origin of a request with: front ends of the app's own, at other hosts. */
export const namedOrigins = (routes: Pick<AppRoutes, 'words'> | undefined): string[] => [
  ...new Set(
    (routes?.words ?? []).flatMap(({ place, name, value }) =>
      place === 'header' && /^origin$/i.test(name) && URL.canParse(value) ? [new URL(value).origin] : [],
    ),
  ),
];

/** Origins that a pattern for one may take for it. */
const lookAlikes = (origin: string): string[] => {
  const { protocol, hostname } = new URL(origin);
  return [`${protocol}//${hostname}.evil.example`, `${protocol}//evil${hostname}`];
};

/** Origins of other sites, also such as a pattern for the own one, or for one that the sources name, may take for it. */
const foreignOrigins = (own: string, named: readonly string[]): string[] => [
  'https://evil.example',
  'null',
  ...[own, ...named].flatMap(lookAlikes),
];

/**
 * The requests, which change nothing.
 *
 * @param doors those that matter most first
 */
export function asksFromElsewhere(
  doors: readonly Pick<Door, 'path'>[],
  { app: { origin, basePath }, routes }: Pick<LabDescription, 'app' | 'routes'>,
): (Ask & { headers: Record<string, string> })[] {
  const paths = [`${basePath}/session`, ...doors.slice(0, DOORS_MAX).map(({ path }) => path)];
  return paths.flatMap((path, index) =>
    foreignOrigins(origin, namedOrigins(routes))
      .slice(0, index < THOROUGH ? undefined : 1)
      .map((foreign) => ({
        path,
        headers: { origin: foreign, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' },
      })),
  );
}
