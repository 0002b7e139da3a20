import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { cookieNames } from './cookie-names.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'authjs-cookies-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('names the cookies that sources read, and none of Auth.js', () => {
  writeFileSync(
    path.join(folder, 'route.js'),
    `const a = event.cookies.get('old-session'); const b = (await cookies()).get("beta")?.value;
     const c = req.cookies.remember ?? req.cookies['shop.pass']; const d = getCookie(c, 'tenant');
     const [, e] = /(?:^|; )cart=([^;]+)/.exec(req.headers.cookie ?? '') ?? [];
     const { user, pass: given } = cookiesOf(req); const { 'x.y': f } = cookie.parse(head);
     cookies.get('authjs.session-token'); cookies.getAll(); req.cookies.forEach(show); res.cookie('theme', 'dark');`,
  );
  expect(cookieNames(folder).sort()).toEqual([
    'beta',
    'cart',
    'old-session',
    'pass',
    'remember',
    'shop.pass',
    'tenant',
    'user',
    'x.y',
  ]);
});
