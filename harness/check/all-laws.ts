/** Where the laws are declared. They are no imports: suites use the harness, and never the other way. */
import path from 'node:path';
import type { Law } from '../../reports/laws.ts';
import { LAWS, lawsOf } from '../../reports/load-laws.ts';
import { ROOT } from '../config/defaults.ts';

export const LAWS_FILE = path.join(ROOT, 'suites', 'laws', `index${path.extname(import.meta.filename)}`);

export const allLaws = (): Promise<Law[]> => lawsOf({ [LAWS]: LAWS_FILE });
