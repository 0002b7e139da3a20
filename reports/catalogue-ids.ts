/** The ids of all checks of this version, from the catalogue that is shipped beside the reports. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

let ids: readonly string[] | undefined;

/** All ids, in the order of the catalogue; the file is read once. */
export function catalogueIds(): readonly string[] {
  if (!ids) {
    const { checks } = JSON.parse(readFileSync(path.join(import.meta.dirname, 'catalogue.json'), 'utf8')) as {
      checks: { id: string }[];
    };
    ids = checks.map(({ id }) => id);
  }
  return ids;
}
