/** The catalogue as it is shipped: what can be selected is known without starting Playwright. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CheckMeta } from '../../reports/model.ts';
import { ROOT } from '../config/defaults.ts';

/** What a check is selected by, and listed as. */
export type Selectable = Pick<CheckMeta, 'id' | 'title' | 'clauses' | 'level' | 'severity' | 'formerly'> &
  /** What decides whether it can be asked before a real issuer. */
  Pick<CheckMeta, 'fault' | 'needs' | 'uses'> & { arms?: string[]; instead?: string[] };

/** All checks of this version, in the order of `reports/catalogue.json`. */
export function shippedCatalogue(): Selectable[] {
  const text = readFileSync(path.join(ROOT, 'reports', 'catalogue.json'), 'utf8');
  const { checks } = JSON.parse(text) as {
    checks: (Omit<Selectable, 'clauses'> & { clauses: { key: string }[] })[];
  };
  return checks.map((check) => ({ ...check, clauses: check.clauses.map(({ key }) => key) }));
}
