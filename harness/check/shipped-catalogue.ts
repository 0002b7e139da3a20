/** The catalogue as it is shipped: what can be selected is known without starting Playwright. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CheckMeta } from '../../reports/model.ts';
import { ROOT } from '../config/defaults.ts';

/** What a check is selected by, and listed as. */
export type Selectable = Pick<CheckMeta, 'id' | 'title' | 'clauses' | 'level' | 'severity' | 'formerly'> &
  /** What decides whether it can be asked before a real issuer. */
  Pick<CheckMeta, 'fault' | 'needs' | 'uses'> & { arms?: string[]; instead?: string[] };

/** A check as it is shipped: its whole declaration, clauses spelt out. */
export interface ShippedEntry extends Omit<CheckMeta, 'clauses'> {
  clauses: { key: string; label: string; url: string }[];
  suite: string;
  /** Relative to the root of a checkout. */
  file: string;
}

/** All checks of this version, in the order of `reports/catalogue.json`. */
export const shippedEntries = (): ShippedEntry[] =>
  (
    JSON.parse(readFileSync(path.join(ROOT, 'reports', 'catalogue.json'), 'utf8')) as {
      checks: ShippedEntry[];
    }
  ).checks;

let shipped: readonly Selectable[] | undefined;

/** The same, as they are selected; the file is read once. */
export const shippedCatalogue = (): readonly Selectable[] => {
  shipped ??= shippedEntries().map((check) => ({ ...check, clauses: check.clauses.map(({ key }) => key) }));
  return shipped;
};
