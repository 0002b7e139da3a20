/** Shards have an app, and mocks, at ports of their own: in the whole they are one, so that laws look at all that was sent. */
import type { Report } from './model.ts';

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Pairs of what stands in a shard and what stands for it in the whole: origins, as they are and in a query. */
function pairs(from: Report['target'], to: Report['target']): [RegExp, string][] {
  const origins = (target: Report['target']) => [target.origin, ...(target.declared?.issuerOrigins ?? [])];
  const wanted = origins(to);
  return origins(from).flatMap((own, index): [RegExp, string][] => {
    const other = wanted[index];
    if (!own || !other || own === other) return [];
    return [
      [new RegExp(`${escaped(own)}(?![\\d.])`, 'g'), other],
      [new RegExp(`${escaped(encodeURIComponent(own))}(?![\\d.])`, 'g'), encodeURIComponent(other)],
    ];
  });
}

/**
 * The checks of a shard as if its app had been where that of another shard was.
 *
 * @param report the shard
 * @param first the shard whose target the whole tells of
 */
export function atOneOrigin({ checks, target }: Report, first: Report): Report['checks'] {
  const changes = pairs(target, first.target);
  if (changes.length === 0) return checks;
  return checks.map((check) => ({
    ...check,
    exchanges: JSON.parse(
      changes.reduce((text, [from, to]) => text.replace(from, to), JSON.stringify(check.exchanges)),
    ),
  }));
}
