/** Paths of what is bundled. */
import path from 'node:path';

/** Root of the package: where suites, mocks and fixtures live. */
export const ROOT = path.resolve(import.meta.dirname, '..');

/** The target that is certified when no other is named. */
export const DEFAULT_CONFIG = path.join(ROOT, 'fixtures', 'targets', 'express', 'conformance.config.ts');
