import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { headerNames } from './header-names.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'authjs-headers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('names the headers that sources read, and none of the wire', () => {
  writeFileSync(
    path.join(folder, 'route.js'),
    `const a = req.headers.get('x-member-id'); const b = (await headers()).get("X-Tenant");
     const c = req.headers['x-forwarded-host'] ?? req.get('x-account'); const d = c.req.header('accept');
     const e = getHeader(event, 'acting-user'); request.headers.get('user-agent'); h.headers.get('x-request-id');`,
  );
  expect(headerNames(folder).sort()).toEqual(['acting-user', 'x-account', 'x-member-id', 'x-tenant']);
});
