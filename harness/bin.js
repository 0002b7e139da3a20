#!/usr/bin/env node
// A checkout runs the TypeScript sources as they are (Node strips the types); the package holds JavaScript.
import { existsSync } from 'node:fs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 14)) {
  process.stderr.write(`authjs-conformance needs Node 22.14 or newer; this is ${process.version}\n`);
  process.exit(2);
}
// Exit code 1 says that the app broke a must: what cannot even be loaded says nothing of it.
try {
  const { keepCompiled } = await import('./machine/caches.js');
  keepCompiled();
  const sources = new URL('./cli/cli.ts', import.meta.url);
  const isCheckout = existsSync(sources);
  if (isCheckout && !process.features.typescript) {
    const { register } = await import('tsx/esm/api');
    register();
  }
  const { main } = await import(isCheckout ? sources.href : new URL('./cli/cli.js', import.meta.url).href);
  process.exitCode = await main(process.argv);
} catch (error) {
  process.stderr.write(
    `CONF_DEFECT: authjs-conformance could not be loaded: ${String(error?.message ?? error).split('\n')[0]}\n  Expected: a whole installation, and room for its files\n  Do: install it anew (npm ci), and look at the limits of this shell (ulimit -a).\n`,
  );
  process.exitCode = 2;
}
