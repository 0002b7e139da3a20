import { afterAll, describe, expect, it } from 'vitest';
import { copyTarget, type Variant } from '../../../fixtures/copy-target.ts';
import { judge } from '../../../fixtures/mutants/judge.ts';

const variants: Variant[] = [];
afterAll(() => {
  for (const variant of variants) variant.remove();
});
const IDS = ['doors/id-token-as-bearer', 'doors/access-token-of-another-resource'];

/** The verdicts on an app whose API opens to bearer tokens that fit. */
async function verdictsOn(fits: string, path = '/api/protected') {
  const variant = copyTarget('express', {
    'app.js': [
      [
        '  before(app, config);',
        `  app.get('${path}', (req, res, next) => {
    const token = /^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1] ?? '';
    if (${fits}) return res.json({ user: { desk: 'Fundamt' } });
    if ('${path}' !== '/api/protected') return res.status(401).json({ message: 'no token' });
    next();
  });
  before(app, config);`,
      ],
    ],
  });
  variants.push(variant);
  const { checks } = await judge(
    {
      target: { command: 'node server.js', cwd: variant.folder },
      browser: 'none',
      pages: { api: ['/api/protected'] },
    },
    IDS,
  );
  return Object.fromEntries(checks.map(({ id, verdict }) => [id, verdict]));
}

describe('an API that takes bearer tokens', { timeout: 120_000 }, () => {
  it('passes when it takes none that was made for something else', async () => {
    expect(await verdictsOn('false')).toEqual({ [IDS[0] as string]: 'pass', [IDS[1] as string]: 'pass' });
  });
  it('is not judged for its tokens when it answers whoever has none', async () => {
    expect(await verdictsOn('true')).toEqual({
      [IDS[0] as string]: 'blocked',
      [IDS[1] as string]: 'blocked',
    });
  });
  it('is found where it refuses the cookies of members', async () => {
    const only = (fits: string) => verdictsOn(fits, '/api/v1/orders');
    expect(await only('token')).toEqual({ [IDS[0] as string]: 'fail', [IDS[1] as string]: 'warn' });
    expect(await only('false')).toEqual({ [IDS[0] as string]: 'pass', [IDS[1] as string]: 'pass' });
  });
  it('is judged where an administration is shut to members, and nothing is named', async () => {
    const variant = copyTarget('express', {
      'app.js': [
        [
          '  before(app, config);',
          `  app.get('/api/admin/people', (req, res) => res.status(/session-token=/.test(req.headers.cookie ?? '') ? 403 : 401).json({ error: 'not for you' }));
  before(app, config);`,
        ],
      ],
    });
    variants.push(variant);
    const { checks } = await judge(
      { target: { command: 'node server.js', cwd: variant.folder }, browser: 'none' },
      IDS,
    );
    expect(checks.map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
  });
  it('fails for an ID token, and is warned for an access token of userinfo', async () => {
    expect(await verdictsOn('token')).toEqual({ [IDS[0] as string]: 'fail', [IDS[1] as string]: 'warn' });
  });
});
