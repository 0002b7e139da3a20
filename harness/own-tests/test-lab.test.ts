import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openTestLab } from './test-lab.ts';

it('an app that does not fit sends its author to doctor, not to flags that no test has', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'test-lab-'));
  try {
    const app =
      "require('node:http').createServer((_, to) => to.writeHead(404).end()).listen(process.env.PORT)";
    writeFileSync(path.join(folder, 'app.cjs'), app);
    const config = path.join(folder, 'conformance.config.mjs');
    writeFileSync(config, "export default { target: { command: 'node app.cjs' } };");
    await expect(openTestLab({ config })).rejects.toThrow(
      /^CONF_BASE_PATH_UNKNOWN.*`npx authjs-conformance doctor` looks for the cause/s,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
