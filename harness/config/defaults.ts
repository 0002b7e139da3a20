/** Paths of what is bundled. */
import { existsSync } from 'node:fs';
import path from 'node:path';

/** Root of the package: where suites, mocks and fixtures live. */
export const ROOT = path.resolve(import.meta.dirname, '../..');

const bundled = path.join(ROOT, 'fixtures', 'targets', 'express', 'conformance.config.ts');

/** The target that is certified when no other is named; the npm package has none. */
export const DEFAULT_CONFIG: string | undefined = existsSync(bundled) ? bundled : undefined;
