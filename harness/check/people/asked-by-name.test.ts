/** Settings and an export of one's own data, which may take whose they are from the query. */
import { afterAll, describe, expect, it } from 'vitest';
import { ID_OF_LOGTO, removeVariants, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';
import { isHandedOver } from './asked-by-name.ts';

afterAll(removeVariants);

const ID = 'people/own-places';
const OWN = 'const whose = me;';
const app = (settings = OWN, exported = OWN) => `
  const kept = new Map(); const bios = new Map();
  app.use(express.urlencoded({ extended: false }));
  const safe = (s) => String(s).replace(/[<&"]/g, '');
  const member = (act) => async (req, res) => { const user = (await readSession(req, config, res))?.user; if (!user) return req.path.startsWith('/api') ? res.status(401).json({ error: 'no' }) : res.redirect(303, '/auth/signin'); bios.set(user.id, bios.get(user.id) ?? ''); return act(req, res, user.id); };
  app.get('/settings', member((req, res, me) => { ${settings} res.send('<!doctype html><title>Orchard</title><h1>Settings of the orchard</h1><ul>' + (kept.get(whose) ?? []).map((c) => '<li>' + safe(c)).join('') + '</ul><form method="post" action="/settings"><input name="contact" required><button>Add a contact</button></form>'); }));
  app.post('/settings', member((req, res, me) => { if (!req.body.contact) return res.status(422).send('contact'); kept.set(me, [...(kept.get(me) ?? []), req.body.contact]); res.redirect(303, '/settings'); }));
  app.get('/api/export', member((req, res, me) => { ${exported} res.json({ exported: true, contacts: kept.get(whose) ?? [] }); }));
  app.get('/profile', member((req, res, me) => { const whose = String(req.query.id ?? me); res.send('<!doctype html><title>Orchard</title><h1>Profile in the orchard</h1><p>' + safe(bios.get(whose) ?? '') + '</p>' + (whose === me ? '<form method="post" action="/profile"><input name="bio" required><button>Save the profile</button></form>' : '')); }));
  app.post('/profile', member((req, res, me) => { bios.set(me, String(req.body.bio)); res.redirect(303, '/profile'); }));`;

/** A board that all members read, and an archive of it by author. */
const BOARD = `
  const posts = [];
  app.use(express.urlencoded({ extended: false }));
  const safe = (s) => String(s).replace(/[<&"]/g, '');
  const member = (act) => async (req, res) => { const user = (await readSession(req, config, res))?.user; if (!user) return res.redirect(303, '/auth/signin'); return act(req, res, user.id); };
  app.get('/board', member((req, res) => res.send('<!doctype html><title>Orchard</title><h1>Board of the orchard</h1><ul>' + posts.map((p) => '<li>' + safe(p.body) + '</li>').join('') + '</ul><form method="post" action="/board"><textarea name="body" required></textarea><button>Say it</button></form>')));
  app.post('/board', member((req, res, me) => { if (!req.body.body) return res.status(422).send('body'); posts.push({ by: me, body: req.body.body }); res.redirect(303, '/board'); }));
  app.get('/archive', member((req, res, me) => { const whose = String(req.query.author ?? me); res.send('<!doctype html><title>Orchard</title><h1>Archive</h1><ul>' + posts.filter((p) => p.by === whose).map((p) => '<li>' + safe(p.body) + '</li>').join('') + '</ul>'); }));`;

const verdictOn = async (first: string) =>
  (
    await verdictsOn([ID], {
      first,
      options: ID_OF_LOGTO,
      pages: { protected: ['/protected', '/settings', '/profile'], api: ['/api/export'] },
    })
  )[ID];

it('what hands somebody all that is theirs is told by its address', () => {
  for (const path of ['/api/export', '/takeout', '/me/export.csv', '/download?format=csv'])
    expect(isHandedOver(path)).toBe(true);
  for (const path of ['/exports/17', '/exporters', '/downloads/app.zip'])
    expect(isHandedOver(path)).toBe(false);
});

describe('an app with settings and an export', { timeout: 240_000 }, () => {
  it('is quiet where each gets their own, and a profile is read by its id', async () => {
    expect((await verdictOn(app()))?.[0]).not.toBe('fail');
  });
  it('is quiet where an archive by author holds what all members read', async () => {
    const [verdict, message] =
      (
        await verdictsOn([ID], {
          first: BOARD,
          options: ID_OF_LOGTO,
          pages: { protected: ['/protected', '/board', '/archive'], api: [] },
        })
      )[ID] ?? [];
    expect([verdict, message]).not.toContain('fail');
  });
  it.each([
    ['settings', app('const whose = String(req.query.member ?? me);'), '/settings'],
    ['an export', app(OWN, 'const whose = String(req.query.userId ?? me);'), '/api/export'],
  ])('fails where %s of whoever is named in the query are shown', async (_, first, path) => {
    const [verdict, message] = (await verdictOn(first)) ?? [];
    expect(verdict).toBe('fail');
    expect(message).toContain(`${path}, asked with the id of the first, holds what that one has written`);
  });
});
