/** Trouble that is not the app's, on real runs: an app that ends in mid-run, and answers that are late once, or always. */
import { afterAll, expect, it } from 'vitest';
import { copyTarget, type Variant } from '../../fixtures/copy-target.ts';
import { judge } from '../../fixtures/mutants/judge.ts';

const variants: Variant[] = [];
afterAll(() => {
  for (const variant of variants) variant.remove();
});

/** An Express app that does this when the nth callback comes in; the first is that of the smoke sign-in. */
function onCallback(doing: string): { command: string; cwd: string } {
  const variant = copyTarget('express', {
    'app.js': [
      [
        '  before(app, config);',
        `  let callbacks = 0;
  app.use('/auth/callback', (_req, res, next) => {
    callbacks += 1;
    ${doing}
    next();
  });
  before(app, config);`,
      ],
    ],
  });
  variants.push(variant);
  return { command: 'node server.js', cwd: variant.folder };
}

it.each([
  [
    'by itself, all the time',
    'if (callbacks === 2) { console.error("out of breath"); process.exit(7); }',
    /^the app ended with exit code 7, for the 11th time, during the run/,
  ],
  // Somebody else may have sent it: a machine without memory, for one.
  [
    'by a signal',
    'if (callbacks === 4) { console.error("out of breath"); process.kill(process.pid, "SIGKILL"); }',
    /^the app ended (?:with exit code 137|by SIGKILL) during the run/,
  ],
])(
  'an app that ends in mid-run %s is one finding; the rest is blocked, and nothing failed',
  {
    timeout: 240_000,
  },
  async (_, doing, told) => {
    const { checks, findings, exitCode } = await judge({ target: onCallback(doing) }, ['session']);
    expect(findings.map(({ code }) => code)).toEqual(['CONF_TARGET_ENDED']);
    expect(findings[0]?.what).toMatch(told);
    expect(findings[0]?.what).toMatch(/out of breath/);
    const verdicts = new Set(checks.map(({ verdict }) => verdict));
    expect([verdicts.has('fail'), verdicts.has('warn'), verdicts.has('error')]).toEqual([
      false,
      false,
      false,
    ]);
    expect(checks.filter(({ verdict }) => verdict === 'blocked').length).toBeGreaterThan(checks.length / 2);
    expect(exitCode).toBe(2);
  },
);

it('an answer that was late once, and is not when nothing else runs, is no failure', {
  timeout: 180_000,
}, async () => {
  const target = onCallback('if (callbacks === 2) return;');
  const { checks } = await judge({ target }, ['session/survives-reload']);
  expect(checks.map(({ verdict, retries }) => [verdict, retries])).toEqual([['pass', 1]]);
});

it('an answer that is always late is a failure, told after the second time', {
  timeout: 180_000,
}, async () => {
  const target = onCallback('if (callbacks > 1) return;');
  const { checks } = await judge({ target }, ['session/survives-reload']);
  expect(checks.map(({ verdict, retries }) => [verdict, retries])).toEqual([['fail', 1]]);
  expect(checks[0]?.message).toMatch(/did not answer within [\d.]+ s, also when nothing else ran/);
});
