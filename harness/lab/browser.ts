/** Finds a Chromium: named → Playwright's own → the system's → the one that comes with the install. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import type { LabDescription } from './lab-description.ts';

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * Arguments that every Chromium gets: no calls home; no sandbox only where root makes it impossible. Nothing that changes
 * what a page may do, or what is sent for it: the default arguments of `@sparticuz/chromium` switch the same-origin policy
 * off, and a same-origin POST then has no Origin.
 */
const args = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-pings',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/**
 * @param wanted path of an executable, or `none`
 * @returns the executable and how it must be started, or why there is none
 */
export async function resolveBrowser(wanted?: string): Promise<LabDescription['browser']> {
  if (wanted === 'none') return { args, missing: 'switched off with --browser none' };
  if (wanted)
    return existsSync(wanted)
      ? { executablePath: wanted, args }
      : { args, missing: `there is no file ${wanted} (--browser)` };
  // Playwright is large, and the command itself needs only this path of it.
  const { chromium } = await import('@playwright/test');
  const own = chromium.executablePath();
  const installed = [own, ...SYSTEM].find((file) => file && existsSync(file));
  if (installed) return { executablePath: installed, args };
  return (
    (await bundledBrowser()) ?? {
      args,
      missing: 'neither Playwright nor this system has a Chromium; install one or pass --browser PATH',
    }
  );
}

/** `@sparticuz/chromium` ships in the package (Linux x64); its libraries are unpacked once into the temp folder. */
export async function bundledBrowser(): Promise<LabDescription['browser'] | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  try {
    const sparticuz = await import('@sparticuz/chromium');
    const executablePath = await sparticuz.default.executablePath();
    const folder = path.dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium'));
    const archive = [folder, path.join(folder, '..'), path.join(folder, '../..')]
      .map((base) => path.join(base, 'bin', 'al2023.tar.br'))
      .find((file) => existsSync(file));
    if (archive) await sparticuz.inflate(archive);
    const libraries = path.join(os.tmpdir(), 'al2023', 'lib');
    return {
      executablePath,
      args,
      env: { LD_LIBRARY_PATH: [libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':') },
    };
  } catch {
    return undefined;
  }
}
