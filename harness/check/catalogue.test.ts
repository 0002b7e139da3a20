import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readCatalogue } from './catalogue.ts';

it('a file of checks that does not load makes no shorter catalogue', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'catalogue-'));
  try {
    writeFileSync(path.join(folder, 'broken.spec.ts'), "import './nowhere.ts';\n");
    await expect(readCatalogue([], { folder, checks: ['./broken.spec.ts'] })).rejects.toThrow(
      /the checks could not be listed: [\s\S]*nowhere/,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
