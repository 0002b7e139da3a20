/** The lab that this process belongs to. */
import { existsSync, readFileSync } from 'node:fs';
import { ConformanceError } from '../errors.ts';
import { LAB_FILE, type LabDescription } from './lab-description.ts';

/** The lab of this run, or nothing where none is running yet. */
export function labOfRun(): LabDescription | undefined {
  const file = process.env[LAB_FILE];
  return file && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as LabDescription) : undefined;
}

/** @throws ConformanceError CONF_NO_LAB */
export function demandLab(): LabDescription {
  const lab = labOfRun();
  if (lab) return lab;
  throw new ConformanceError({
    code: 'CONF_NO_LAB',
    what: 'no lab is running',
    expected: `a lab description in the file named by ${LAB_FILE}`,
    remedy:
      'start checks with `npx authjs-conformance run`, or with our playwright.config.ts, whose global setup starts the lab.',
  });
}
