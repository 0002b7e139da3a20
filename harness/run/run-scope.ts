/** What a run was asked for, looked up before anything starts. */
import path from 'node:path';
import type { Scope } from '../../reports/model.ts';
import { readCatalogue } from '../check/catalogue.ts';
import { readShard, resolveSelection } from '../check/selection.ts';
import { type Selectable, shippedCatalogue } from '../check/shipped-catalogue.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { isNarrowed, narrow } from './narrow.ts';
import type { RunOptions } from './run-options.ts';

/** What can be known of the scope without looking anything up. */
export const kindAskedFor = ({ quick, mode, select, shard, ...rest }: RunOptions): Scope['kind'] =>
  quick
    ? 'quick'
    : shard !== undefined
      ? 'shard'
      : select?.length || mode === 'ui' || isNarrowed(rest)
        ? 'selection'
        : 'whole';

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
  const listed: readonly Selectable[] | undefined = own
    ? await readCatalogue([], { folder, checks: config.checks }).catch(() => undefined)
    : shipped;
  const of = new Set([...shipped, ...(listed ?? [])].map(({ id }) => id)).size;
  const wanted = options.select ?? [];
  const select = listed && wanted.length ? resolveSelection(wanted, listed, commands) : undefined;
  const ids = isNarrowed(options)
    ? narrow(
        (listed ?? shipped).filter(({ id }) => !select || select.ids.includes(id)),
        options,
        path.resolve(config.out),
      )
    : select?.ids;
  const all = ids !== undefined && ids.length === of;
  const chosen = all ? [] : isNarrowed(options) ? (ids ?? []) : (select?.select ?? wanted);
  return {
    kind: all && kind === 'selection' && options.mode !== 'ui' ? 'whole' : kind,
    ...(chosen.length && { select: chosen }),
    ...(shard && { shard }),
    ran: 0,
    of,
  };
}
