/** Doors asked for by a script of another site in the browser of a member: laws judge who may read the answers. */
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Ask, Door } from './door.ts';

/** Doors that are asked for; the session beside them. */
const DOORS_MAX = 12;
/** So many are asked for with all origins, the others with the first. */
const THOROUGH = 2;

/** Origins of other sites, also such as a pattern for the own one may take for it. */
const foreignOrigins = (own: string): string[] => {
  const { protocol, hostname } = new URL(own);
  return [
    'https://evil.example',
    'null',
    `${protocol}//${hostname}.evil.example`,
    `${protocol}//evil${hostname}`,
  ];
};

/**
 * The requests, which change nothing.
 *
 * @param doors those that matter most first
 */
export function asksFromElsewhere(
  doors: readonly Pick<Door, 'path'>[],
  { origin, basePath }: Pick<LabDescription['app'], 'origin' | 'basePath'>,
): (Ask & { headers: Record<string, string> })[] {
  const paths = [`${basePath}/session`, ...doors.slice(0, DOORS_MAX).map(({ path }) => path)];
  return paths.flatMap((path, index) =>
    foreignOrigins(origin)
      .slice(0, index < THOROUGH ? undefined : 1)
      .map((foreign) => ({
        path,
        headers: { origin: foreign, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' },
      })),
  );
}
