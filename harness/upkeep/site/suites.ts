/** The catalogue, as the documentation site lists it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A check as `reports/catalogue.json` has it. */
export interface Entry {
  id: string;
  title: string;
  suite: string;
  file: string;
  level: 'must' | 'should' | 'may';
  severity: string;
  clauses: { key: string; label: string; url: string }[];
  appMust: string;
  otherwise: string;
  fix?: string;
  fault?: string;
  needs?: string[];
  libraryLimit?: { v4?: string; v5?: string };
  signIn?: string;
  cwe?: number;
}

const FILE = path.resolve(import.meta.dirname, '../../../reports/catalogue.json');

/** All checks, in the order of the catalogue. */
export const entries = (): Entry[] => JSON.parse(readFileSync(FILE, 'utf8')).checks;

/** The suites with the ids of their checks. */
export function suites(): { suite: string; ids: string[] }[] {
  const all = entries();
  return [...new Set(all.map(({ suite }) => suite))].map((suite) => ({
    suite,
    ids: all.filter((entry) => entry.suite === suite).map(({ id }) => id),
  }));
}
