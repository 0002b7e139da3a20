/** An app that dies of a request, as a real run sees it: it is started again, the request is shown, and the rest is judged. */
import { afterAll, expect, it } from 'vitest';
import { copyTarget, type Variant } from '../../fixtures/copy-target.ts';
import { judge } from '../../fixtures/mutants/judge.ts';

const variants: Variant[] = [];
afterAll(() => {
  for (const variant of variants) variant.remove();
});

const run = (dies: string, select: string[], https = false) => {
  const variant = copyTarget('express', {
    'app.js': [
      [
        '  before(app, config);',
        `  app.use((req, _res, next) => { ${dies} next(); });\n  before(app, config);`,
      ],
    ],
  });
  variants.push(variant);
  return judge({ target: { command: 'node server.js', cwd: variant.folder, https } }, select);
};

it.each([
  ['', false],
  [', behind a front of ours', true],
])(
  'is told by a law, with the request; all but what it died of is judged%s',
  {
    timeout: 240_000,
  },
  async (_, https) => {
    const { checks, findings, exitCode } = await run(
      "if (/%/.test(req.headers.authorization)) setImmediate(() => decodeURIComponent('%'));",
      [
        'doors/authorization-malformed',
        'doors/nobody',
        'doors/methods',
        'session/survives-reload',
        'laws/keeps-running',
      ],
      https,
    );
    const of = (id: string) => checks.find((check) => check.id === id);
    expect(of('laws/keeps-running')).toMatchObject({
      verdict: 'fail',
      message: expect.stringMatching(
        /exit code 1 at, or right after, GET \/\S* of doors\/authorization-malformed/,
      ),
    });
    expect(of('doors/authorization-malformed')).toMatchObject({ verdict: 'blocked' });
    for (const id of ['doors/nobody', 'doors/methods', 'session/survives-reload'])
      expect([id, of(id)?.verdict]).toEqual([id, 'pass']);
    expect(findings.map(({ code }) => code)).toEqual(['CONF_TARGET_CRASHED']);
    expect(exitCode).toBe(1);
  },
);

it('is noticed also where the last check of the run ended it', { timeout: 120_000 }, async () => {
  const { checks } = await run(
    "if (/%/.test(req.headers.authorization)) { process.on('uncaughtException', () => setTimeout(() => process.exit(1), 150)); setImmediate(() => decodeURIComponent('%')); }",
    ['doors/authorization-malformed', 'laws/keeps-running'],
  );
  expect(checks.find(({ id }) => id === 'laws/keeps-running')?.verdict).toBe('fail');
});
