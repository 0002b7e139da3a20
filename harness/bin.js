#!/usr/bin/env node
// A checkout runs the TypeScript sources as they are (Node strips the types); the package holds JavaScript.
import { existsSync } from 'node:fs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 14)) {
  process.stderr.write(`authjs-conformance needs Node 22.14 or newer; this is ${process.version}\n`);
  process.exit(2);
}
const sources = new URL('./cli/cli.ts', import.meta.url);
const isCheckout = existsSync(sources);
if (isCheckout && !process.features.typescript) {
  const { register } = await import('tsx/esm/api');
  register();
}
const { main } = await import(isCheckout ? sources.href : new URL('./cli/cli.js', import.meta.url).href);
process.exitCode = await main(process.argv);
