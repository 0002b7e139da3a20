/** The laws of this run, loaded from where the harness says they are. */
import { pathToFileURL } from 'node:url';
import type { Law } from './laws.ts';
import { withRemedy } from './remedies/index.ts';

/** Environment variable that names the module with the laws. */
export const LAWS = 'CONFORMANCE_LAWS';
/** Environment variable with the pattern that selects checks by their tags; empty for all. */
export const LAWS_GREP = 'CONFORMANCE_LAWS_GREP';

/** What the selection of a run is matched with, as Playwright does with title and tags. */
const tagsOf = ({ meta }: Law) =>
  [
    meta.id,
    meta.level,
    meta.severity,
    ...meta.clauses.map((clause) => clause.replace(/\s+/g, '/').replace(/§/g, '')),
  ]
    .map((tag) => `@${tag}`)
    .join(' ');

/** How many of the ids are laws that a run asks for by name or suite, or because it asks for everything. */
export function countLaws(ids: readonly string[], environment: NodeJS.ProcessEnv): number {
  if (!environment[LAWS]) return 0;
  const pattern = new RegExp(environment[LAWS_GREP] || '');
  return ids.filter((id) => id.startsWith('laws/') && pattern.test(`@${id}`)).length;
}

/** The laws that a run asks for; none where no harness told of them. */
export async function lawsOf(environment: NodeJS.ProcessEnv): Promise<Law[]> {
  const file = environment[LAWS];
  if (!file) return [];
  const { laws: declared } = (await import(pathToFileURL(file).href)) as { laws: Law[] };
  const laws = declared.map((law) => ({ ...law, meta: withRemedy(law.meta) }));
  const pattern = environment[LAWS_GREP];
  return pattern ? laws.filter((law) => new RegExp(pattern).test(tagsOf(law))) : laws;
}
