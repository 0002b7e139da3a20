/** Where an app takes events of Logto: strangers tell it nothing there. */
import { afterAll, describe, expect, it } from 'vitest';
import { ID_OF_LOGTO, removeVariants, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';
import { hooksOf } from './webhooks.ts';

afterAll(removeVariants);

const ID = 'doors/webhooks';
/** An app that keeps its people, and takes what happens to them at Logto. */
const app = (isBelieved: string, path = '/api/webhooks/logto') => `  const people = new Map();
  const gone = new Set();
  app.get('/api/me', async (req, res) => {
    const session = await readSession(req, config, res);
    if (!session?.user || gone.has(session.user.id)) return res.status(401).json({ message: 'no' });
    if (!people.has(session.user.id)) people.set(session.user.id, { name: session.user.name, email: session.user.email });
    res.json(people.get(session.user.id));
  });
  app.post('${path}', (req, res) => {
    let body = '';
    req.on('data', (chunk) => { body += chunk; }).on('end', async () => {
      const signature = req.headers['logto-signature-sha-256'];
      const { createHmac } = await import('node:crypto');
      const signed = (key) => createHmac('sha256', key).update(body).digest('hex');
      if (!(${isBelieved})) return res.status(401).json({ message: 'no' });
      const { event, params, data } = JSON.parse(body);
      const person = people.get(params.userId);
      if (event === 'User.Data.Updated' && person) person.name = data.name;
      if (event === 'User.Deleted') gone.add(params.userId);
      res.json({ ok: true });
    });
  });
`;
const on = async (first: string) => (await verdictsOn([ID], { first, options: ID_OF_LOGTO }))[ID];

describe('events of Logto', { timeout: 240_000 }, () => {
  it('are believed when Logto has signed them', async () => {
    expect(await on(app("signature === signed('a-key-of-this-hook')"))).toEqual(['pass', undefined]);
  });
  it.each([
    ['from anybody', 'true', 'without a signature'],
    ['with any signature', 'signature', 'with a signature of zeros'],
    ['where no key is set', "signature === signed(process.env.NO_SUCH_KEY ?? '')", 'an empty key'],
  ])('are not believed %s', async (_, isBelieved, how) => {
    expect(await on(app(isBelieved))).toEqual(['fail', expect.stringContaining(how)]);
  });
  it('are believed where Logto says so itself, and always acknowledged', async () => {
    const asks = app('true').replace(
      "if (event === 'User.Deleted') gone.add(params.userId);",
      'const isGone = false; if (isGone) gone.add(params.userId);',
    );
    const careful = asks.replace("if (event === 'User.Data.Updated' && person)", 'if (false)');
    expect(await on(careful)).toEqual(['pass', undefined]);
  });
  it('are not believed at a path that is called otherwise', async () => {
    expect(await on(app('true', '/api/people/refresh'))).toEqual([
      'fail',
      expect.stringContaining('/api/people/refresh'),
    ]);
  });
  it('may tell of a member that is gone, and of nothing else', async () => {
    const only = app('true').replace("if (event === 'User.Data.Updated' && person)", 'if (false)');
    expect(await on(only)).toEqual(['fail', expect.stringContaining('User.Deleted')]);
  });
  it('are taken where the path says so', () => {
    const lab = {
      app: { basePath: '/api/auth' },
      routes: {
        paths: [
          { path: '/api/orders', source: 'x' },
          { path: '/hooked-on-books', source: 'x' },
        ],
        posts: [
          { path: '/api/webhooks/logto', source: 'x' },
          { path: '/api/logto-events', source: 'x' },
          { path: '/hooks/[id]', source: 'x' },
          { path: '/api/auth/callback/logto', source: 'x' },
        ],
      },
    } as unknown as Parameters<typeof hooksOf>[0];
    expect(hooksOf(lab)).toEqual(['/api/webhooks/logto', '/api/logto-events']);
  });
});
