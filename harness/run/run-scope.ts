/** What a run was asked for, looked up before anything starts. */
import type { Scope } from '../../reports/model.ts';
import { readCatalogue } from '../check/catalogue.ts';
import { readShard, resolveSelection } from '../check/selection.ts';
import { type Selectable, shippedCatalogue } from '../check/shipped-catalogue.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { RunOptions } from './run-options.ts';

/** What can be known of the scope without looking anything up. */
export const kindAskedFor = ({ quick, mode, select, shard }: RunOptions): Scope['kind'] =>
  quick ? 'quick' : shard !== undefined ? 'shard' : select?.length || mode === 'ui' ? 'selection' : 'whole';

/**
 * The scope of a run; `select` in it is in the canonical spelling.
 *
 * Own checks are listed by Playwright, which takes seconds: only when there are some, and a part was asked for.
 *
 * @param commands names that a mistyped first word may stand for
 * @throws ConformanceError CONF_SELECTION_UNKNOWN or CONF_SHARD_INVALID
 */
export async function scopeOf(
  options: RunOptions,
  { config, folder }: LoadedConfig,
  commands: readonly string[] = [],
): Promise<Scope> {
  const kind = kindAskedFor(options);
  const shard = readShard(options.shard);
  const shipped = shippedCatalogue();
  const own = config.checks.length > 0 && (kind === 'selection' || kind === 'shard');
  // Own checks that do not load are told by the run itself, with the line.
  const listed: Selectable[] | undefined = own
    ? await readCatalogue([], { folder, checks: config.checks }).catch(() => undefined)
    : shipped;
  const of = new Set([...shipped, ...(listed ?? [])].map(({ id }) => id)).size;
  const wanted = options.select ?? [];
  const select = listed && wanted.length ? resolveSelection(wanted, listed, commands) : undefined;
  const all = select !== undefined && select.ids.length === of;
  const chosen = all ? [] : (select?.select ?? wanted);
  return {
    kind: all && kind === 'selection' && options.mode !== 'ui' ? 'whole' : kind,
    ...(chosen.length && { select: chosen }),
    ...(shard && { shard }),
    ran: 0,
    of,
  };
}
