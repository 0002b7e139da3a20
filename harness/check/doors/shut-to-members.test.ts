/** Paths that refuse members: an administration, and what finds nothing as nobody has said what to find. */
import { afterAll, describe, expect, it } from 'vitest';
import { removeVariants, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const ID = 'doors/shut-to-members';
const member = `const session = await readSession(req, config, res);
    if (!session?.user) return res.status(401).json({ message: 'no' });`;
const on = async (first: string) => (await verdictsOn([ID], { first }))[ID];

const FINDS = `  const all = new Map();
  app.get('/api/me', async (req, res) => { ${member}
    all.set(session.user.email, { name: session.user.name });
    res.json({ name: session.user.name });
  });
  app.get('/api/find', async (req, res) => { ${member}
    const found = all.get(req.query.email);
    found ? res.json(found) : res.status(404).json({ message: 'nobody' });
  });
  app.get('/api/report', async (req, res) => { ${member}
    if (req.query.type === 'monthly') return res.json({ name: session.user.name, visits: 3 });
    res.status(404).json({ message: 'no such report' });
  });
`;
const admin = (
  status: number,
  isAdmin: string,
) => `${FINDS}  app.get('/api/admin', async (req, res) => { ${member}
    if (!(${isAdmin})) return res.status(${status}).json({ message: 'no' });
    res.json({ all: [...all.values()] });
  });
`;

describe('what refuses members', { timeout: 240_000 }, () => {
  it('may find somebody by what an address says', async () => {
    expect((await on(FINDS))?.[0]).toMatch(/^(pass|not applicable)$/);
    expect(await on(admin(403, "session.user.role === 'admin'"))).toEqual(['pass', undefined]);
  });
  it.each([
    [403, "req.query.role === 'admin'"],
    [404, "req.query.admin === 'true'"],
  ])('is no administration (%i) for whoever says so: %s', async (status, isAdmin) => {
    expect(await on(admin(status, isAdmin))).toEqual(['fail', expect.stringContaining('/api/admin')]);
  });
  const api = (isKnown: string) => `${FINDS}  app.get('/api/v1/me', (req, res) => {
    const token = /^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1] ?? '';
    const [head, body] = token.split('.').map((each) => { try { return JSON.parse(Buffer.from(each, 'base64url')); } catch { return {}; } });
    if (!(${isKnown})) return res.status(401).json({ message: 'no' });
    res.json({ sub: body.sub, plan: 'standard' });
  });
`;
  it.each([
    ['only decoded', 'body?.sub'],
    ['decoded, and asked where it comes from', "body?.iss?.endsWith('/oidc') && head.alg === 'RS256'"],
  ])('takes no token for its API that is %s', async (_, isKnown) => {
    expect(await on(api(isKnown))).toEqual(['fail', expect.stringContaining('/api/v1/me')]);
  });
  it('may be an API for tokens that it verifies', async () => {
    expect(await on(api('false'))).toEqual(['pass', undefined]);
  });
});
