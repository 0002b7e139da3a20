/** Advisories as the terminal shows them. */
import pc from 'picocolors';
import type { AdvisoryNote } from '../../reports/model.ts';
import { updateFor } from './affected.ts';

const COLOUR = { critical: pc.red, high: pc.red, medium: pc.yellow, low: pc.dim };

/**
 * The lines of `doctor`: one an advisory, a warning for the critical ones, and what to update to.
 *
 * @returns nothing when there are none
 */
export function tellAdvisories(notes: readonly AdvisoryNote[]): string[] {
  if (notes.length === 0) return [];
  const installed = [...new Set(notes.map(({ package: name, version }) => `${name} ${version}`))];
  const critical = notes.filter(({ severity }) => severity === 'critical').length;
  return [
    ...notes.map(
      ({ id, severity, package: name, version, summary }) =>
        `  ${COLOUR[severity](severity.padEnd(8))} ${name} ${version}  ${summary} ${pc.dim(id)}`,
    ),
    ...installed.flatMap((each) => {
      const update = updateFor(notes.filter(({ package: name, version }) => `${name} ${version}` === each));
      return update ? [`  Do: update ${each} to ${update} or later`] : [];
    }),
    ...(critical
      ? [`  ${pc.yellow('Warning')}: ${critical} of them ${critical === 1 ? 'is' : 'are'} critical`]
      : []),
  ];
}
