import type { LabDescription } from '../lab/lab-description.ts';
import type { CheckDeclaration } from './check-declaration.ts';
import { KNOWN_FAILURES, knownAs } from './known-failures.ts';

/** What reports want to know of a check, however it ends: that its failure is known, and of which library its fix speaks. */
export function told(
  meta: CheckDeclaration,
  { app }: Pick<LabDescription, 'app'>,
): { type: string; description: string }[] {
  const accepted = knownAs(JSON.parse(process.env[KNOWN_FAILURES] ?? '[]'), meta.id);
  return [
    ...(accepted ? [{ type: 'known', description: accepted.reason }] : []),
    ...(meta.fix?.includes('{library}') && app.library
      ? [{ type: 'library', description: app.library }]
      : []),
  ];
}
