#!/usr/bin/env node
// From a checkout the TypeScript sources run as they are (Node strips the types); the package carries dist/.
import { existsSync } from 'node:fs';

const built = new URL('../dist/harness/cli.js', import.meta.url);
const sources = new URL('./cli.ts', import.meta.url);
if (existsSync(sources) && !process.features.typescript) {
  const { register } = await import('tsx/esm/api');
  register();
}
const { main } = await import(existsSync(sources) ? sources.href : built.href);
process.exitCode = await main(process.argv);
