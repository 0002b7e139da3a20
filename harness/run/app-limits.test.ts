import { afterAll, describe, expect, it } from 'vitest';
import { copyTarget, type Variant } from '../../fixtures/copy-target.ts';
import { judge } from '../../fixtures/mutants/judge.ts';

const variants: Variant[] = [];
afterAll(() => {
  for (const variant of variants) variant.remove();
});

/** A healthy app that answers so many requests of one address, and 429 from then on (express-rate-limit's answer). */
function withLimit(most: number): string {
  const variant = copyTarget('express', {
    'app.js': [
      [
        '  before(app, config);',
        `  const asked = new Map();
  app.use((req, res, next) => {
    asked.set(req.ip, (asked.get(req.ip) ?? 0) + 1);
    if (asked.get(req.ip) <= ${most}) return next();
    res.set({ 'Retry-After': '900', 'RateLimit-Policy': '"${most}-in-15min"' });
    res.status(429).send('Too many requests, please try again later.');
  });
  before(app, config);`,
      ],
    ],
  });
  variants.push(variant);
  return variant.folder;
}

const SELECTION = [
  'doors',
  'session/protected-page',
  'session/two-people',
  'people/written-stays',
  'redirect/sign-in-controls-named',
];

describe('a healthy app that limits how often it may be asked', { timeout: 180_000 }, () => {
  it.each([
    [10, /the smoke sign-in met the answer 429/],
    [60, /the first of \d+ checks/],
    [120, /the first of \d+ checks/],
  ])('is held to nothing that it did not answer (%i requests)', async (most, told) => {
    const report = await judge(
      {
        target: { command: 'node server.js', cwd: withLimit(most) },
        scopes: ['offline_access', 'profile', 'email'],
        pages: { home: '/', protected: ['/protected'], api: ['/api/protected'] },
      },
      SELECTION,
    );
    expect(report.checks.filter(({ verdict }) => ['fail', 'warn', 'error'].includes(verdict))).toEqual([]);
    expect(report.checks.filter(({ verdict }) => verdict === 'blocked').length).toBeGreaterThan(20);
    expect(report.result).toBe('not judged');
    const found = report.findings.find(({ code }) => code === 'CONF_APP_LIMITS');
    expect(found?.what).toMatch(told);
    expect(found?.what).toContain(`"${most}-in-15min"`);
    for (const { id, exchanges, verdict } of report.checks)
      if (exchanges.some(({ status }) => status === 429)) expect([id, verdict]).toEqual([id, 'blocked']);
  });
});

/** A healthy app whose firewall turns an address away for good after so many odd requests. */
function withFirewall(most: number): string {
  const variant = copyTarget('express', {
    'app.js': [
      [
        '  before(app, config);',
        `  let odd = 0;
  app.use((req, res, next) => {
    if (req.headers['x-middleware-subrequest'] || /\\.\\.|%2e|\\/\\//i.test(req.originalUrl)) odd += 1;
    if (odd <= ${most}) return next();
    res.status(403).send('<h1>Access denied</h1><p>Your address was blocked.</p>');
  });
  before(app, config);`,
      ],
    ],
  });
  variants.push(variant);
  return variant.folder;
}

it('a healthy app whose firewall turns the run away is held to nothing after that', {
  timeout: 180_000,
}, async () => {
  const report = await judge(
    {
      target: { command: 'node server.js', cwd: withFirewall(3) },
      scopes: ['offline_access', 'profile', 'email'],
      pages: { home: '/', protected: ['/protected'], api: ['/api/protected'] },
    },
    SELECTION,
  );
  expect(report.checks.filter(({ verdict }) => ['fail', 'warn', 'error'].includes(verdict))).toEqual([]);
  const blocked = report.checks.filter(({ verdict }) => verdict === 'blocked');
  expect(blocked.length).toBeGreaterThan(20);
  expect(report.result).toBe('not judged');
  expect(report.findings.map(({ code }) => code)).toEqual(['CONF_APP_TURNS_AWAY']);
});
