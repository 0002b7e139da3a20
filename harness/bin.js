#!/usr/bin/env node
// A checkout runs the TypeScript sources as they are (Node strips the types); the package holds JavaScript.
import { existsSync } from 'node:fs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 14)) {
  process.stderr.write(`authjs-conformance needs Node 22.14 or newer; this is ${process.version}\n`);
  process.exit(2);
}
// A config, a connector or what they import may end this process: that is no verdict, least of all 0.
let ended = false;
process.on('exit', (code) => {
  if (ended || code === 2 || code > 128) return;
  process.stderr.write(
    `CONF_ENDED_EARLY: the process was ended with ${code} before the command had ended\n  Expected: that config, connector and own code leave process.exit alone\n  Do: look for process.exit in what the config imports.\n`,
  );
  process.exitCode = 2;
});
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
ended = true;
// What was left running may still throw: the verdict is made.
process.on('uncaughtException', () => process.exit());
// What a config or a connector left running, such as an interval, keeps nobody waiting.
setTimeout(() => process.exit(), 2_000).unref();
