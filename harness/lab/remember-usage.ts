/** Hands what the smoke sign-in showed to the workers: they read the lab description when they start. */
import { writeFileSync } from 'node:fs';
import type { Lab } from './lab.ts';
import type { Usage } from './usage.ts';

export function rememberUsage(lab: Lab, usage: Usage): void {
  lab.description.usage = usage;
  writeFileSync(lab.file, JSON.stringify(lab.description), { mode: 0o600 });
}
