import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startChromium } from '../../fixtures/chromium.ts';
import { ROOT } from '../config/defaults.ts';
import { demandDisplay } from './playwright-mode.ts';

const headless = { platform: 'linux', env: {} } as const;

it('--headed without a display says so, and what to do', () => {
  expect(() => demandDisplay('headed', undefined, headless)).toThrow(
    /CONF_NO_DISPLAY[\s\S]*xvfb-run[\s\S]*--ui/,
  );
  expect(() => demandDisplay('debug', 'none', headless)).toThrow(/CONF_NO_BROWSER/);
  demandDisplay('headed', undefined, { platform: 'linux', env: { DISPLAY: ':0' } });
  demandDisplay('headed', undefined, { platform: 'darwin', env: {} });
  demandDisplay('ui', undefined, headless);
});

it('--ui serves a page with the checks of the run, and runs them there', { timeout: 90_000 }, async () => {
  const out = mkdtempSync(path.join(os.tmpdir(), 'authjs-ui-'));
  const child = spawn(
    process.execPath,
    [path.join(ROOT, 'harness/bin.js'), 'run', '--ui', '--out', out, 'sign-out'],
    {
      cwd: ROOT,
      env: { ...process.env, BROWSER: 'none' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const ended = new Promise((resolve) => child.once('close', resolve));
  const browser = await startChromium();
  try {
    const page = await browser.newPage();
    await page.goto(await addressIn(child));
    await page.getByText('sign-out.spec.ts').first().waitFor({ timeout: 30_000 });
    await page.getByTitle(/^Run all/).click();
    // The summary of the report may be there, too, in a list that is folded.
    await page
      .getByText(/[1-9]\d*(\/\d+)? passed/)
      .filter({ visible: true })
      .first()
      .waitFor({ timeout: 60_000 });
  } finally {
    await browser.close();
    child.kill();
    await ended;
    rmSync(out, { recursive: true, force: true });
  }
});

/** The address that UI mode prints when it listens. */
const addressIn = (child: ReturnType<typeof spawn>) =>
  new Promise<string>((resolve, reject) => {
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        text += chunk;
        const address = /Listening on (http:\S+)/.exec(text)?.[1];
        if (address) resolve(address);
      });
    }
    child.once('close', (code) => reject(new Error(`it ended with ${code}: ${text}`)));
  });
