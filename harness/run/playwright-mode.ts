/** `--ui`, `--headed` and `--debug`: Playwright's own tools on the same run. */
import { ConformanceError } from '../errors.ts';
import { VISIBLE } from '../lab/lab-description.ts';

export type Mode = 'ui' | 'headed' | 'debug';

/**
 * What Playwright is started with.
 *
 * UI mode is served to a tab of any browser: a window of its own would need Playwright's own Chromium.
 */
export function modeOptions(mode: Mode | undefined): { args: string[]; env: Record<string, string> } {
  if (!mode) return { args: [], env: {} };
  if (mode === 'ui') return { args: ['--ui', '--ui-host=127.0.0.1', '--ui-port=0'], env: {} };
  return { args: [`--${mode}`], env: { [VISIBLE]: mode } };
}

/**
 * Looks for a display before anything is started.
 *
 * @throws ConformanceError CONF_NO_DISPLAY when a browser cannot be shown, CONF_NO_BROWSER when it is switched off
 */
export function demandDisplay(
  mode: Mode | undefined,
  browser: string | undefined,
  { platform, env }: Pick<NodeJS.Process, 'platform' | 'env'> = process,
): void {
  if (mode !== 'headed' && mode !== 'debug') return;
  if (browser === 'none') {
    throw new ConformanceError({
      code: 'CONF_NO_BROWSER',
      key: 'browser',
      what: `--${mode} shows the browser, but the browser is switched off`,
      expected: 'a Chromium (browser, --browser)',
      remedy: `leave out --browser none, or --${mode}.`,
    });
  }
  if (platform !== 'linux' || env.DISPLAY || env.WAYLAND_DISPLAY) return;
  throw new ConformanceError({
    code: 'CONF_NO_DISPLAY',
    key: 'DISPLAY',
    what: `--${mode} shows the browser, but this machine has no display (DISPLAY and WAYLAND_DISPLAY are not set)`,
    expected: 'a desktop, or a virtual display',
    remedy:
      'run it on a desktop, put `xvfb-run` in front of the command, or take --ui, which needs no display: it is served to a browser tab.',
  });
}
