/** Finds a Chromium: named → Playwright's own → the system's → the one that comes with the install. */
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { LabDescription } from './lab-description.ts';

/** Where Chrome, Chromium and Edge are installed, by the documentation of their vendors. */
const SYSTEM: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/microsoft-edge',
    '/snap/bin/chromium',
  ],
  darwin: ['Google Chrome', 'Chromium', 'Microsoft Edge'].flatMap((name) => [
    `/Applications/${name}.app/Contents/MacOS/${name}`,
    path.join(os.homedir(), `Applications/${name}.app/Contents/MacOS/${name}`),
  ]),
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => {
    const folder = process.env[name];
    return folder
      ? ['Google/Chrome', 'Chromium', 'Microsoft/Edge'].map((product) =>
          path.join(
            folder,
            product,
            'Application',
            product === 'Microsoft/Edge' ? 'msedge.exe' : 'chrome.exe',
          ),
        )
      : [];
  }),
};

const NO_SANDBOX = '--no-sandbox';

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
  ...(process.getuid?.() === 0 ? [NO_SANDBOX] : []),
];

/** What a report says beside the browser: as root it has no sandbox, which its reader must know. */
export const sandboxNote = ({ args: given }: LabDescription['browser']): string =>
  given.includes(NO_SANDBOX) ? ' (without its sandbox, because it was started by root)' : '';

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
  const installed = [await playwrightsOwn(), ...(SYSTEM[process.platform] ?? [])].find(
    (file) => file && existsSync(file),
  );
  if (installed) return { executablePath: installed, args };
  return (
    (await bundledBrowser()) ?? {
      args,
      missing: `${howToGetOne()}; or name one with --browser PATH`,
    }
  );
}

/** Where Playwright keeps its browsers unless it is told otherwise (https://playwright.dev/docs/browsers#managing-browser-binaries). */
export function playwrightsFolder(): string {
  const home = os.homedir();
  const caches: Partial<Record<NodeJS.Platform, string>> = {
    darwin: path.join(home, 'Library', 'Caches'),
    win32: process.env.LOCALAPPDATA || path.join(home, 'AppData', 'Local'),
  };
  return path.join(
    caches[process.platform] ?? (process.env.XDG_CACHE_HOME || path.join(home, '.cache')),
    'ms-playwright',
  );
}

/** Playwright's own Chromium. It is a large package, and asked only where it keeps browsers. */
async function playwrightsOwn(): Promise<string | undefined> {
  const isTold = Object.keys(process.env).some((name) => /playwright_browsers_path$/i.test(name));
  if (!isTold && !existsSync(playwrightsFolder())) return undefined;
  const { chromium } = await import('@playwright/test');
  return chromium.executablePath();
}

/** The one that comes with the install (bundled-browser.ts). */
export async function bundledBrowser(): Promise<LabDescription['browser'] | undefined> {
  const { unpackBrowser } = await import('./bundled-browser.ts');
  try {
    const found = await unpackBrowser();
    return (
      found && {
        executablePath: found.executablePath,
        args,
        env: { LD_LIBRARY_PATH: [found.libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':') },
      }
    );
  } catch (error) {
    return {
      args,
      missing: `the one that comes with the install could not be unpacked: ${(error as Error).message}`,
    };
  }
}

/** Which browser this system has, when none was found; what to do. */
const howToGetOne = (): string =>
  process.platform === 'linux' && process.arch === 'x64'
    ? 'neither Playwright nor this system has a Chromium, and none came with the install (was it made without optional packages?)'
    : `none comes with the install on ${process.platform} ${process.arch}: install Chrome, Edge or Chromium, or run \`npx playwright install chromium\``;
