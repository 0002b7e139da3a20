import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cookieNames } from './cookie-names.ts';
import { headerNames } from './header-names.ts';
import { parameterNamesIn } from './parameter-names.ts';
import { holdersIn, withHolders } from './request-holders.ts';
import { requestWords } from './request-words.ts';
import { readSource } from './syntax.ts';

const PAGE = `import { cookies, headers } from 'next/headers';
export default async function Page({ searchParams }) {
  const cookieStore = await cookies();
  const headersList = await headers();
  const sp = await searchParams;
  if (cookieStore.get('role')?.value === 'staff' || headersList.get('x-tenant-user') || sp.staffview === '1') return null;
  const [jar, h] = await Promise.all([cookies(), headers()]);
  return jar.get('view_as') ?? h.get('x-member-id') ?? sp.actAs;
}`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'request-holders-'));
  writeFileSync(path.join(folder, 'page.tsx'), PAGE);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('what is read of a request by a variable', () => {
  it('is found, as each of them is held', () => {
    expect(Object.fromEntries(holdersIn(PAGE))).toEqual({
      cookieStore: 'cookies',
      headersList: 'headers',
      sp: 'searchParams',
      jar: 'cookies',
      h: 'headers',
    });
    expect(cookieNames(folder)).toEqual(['role', 'view_as']);
    expect(headerNames(folder)).toEqual(['x-tenant-user', 'x-member-id']);
    expect(parameterNamesIn(PAGE).sort()).toEqual(['actAs', 'staffview']);
  });
  it('counts as a word where it is compared', () => {
    const source = readSource('page.tsx', PAGE);
    expect(
      requestWords(source ? [source] : [])
        .map(({ place, name, value }) => `${place} ${name}=${value}`)
        .sort(),
    ).toEqual(['cookie role=staff', 'query staffview=1']);
  });
  it('is nothing of what is no request', () => {
    const other =
      "const list = response.headers; list.get('x-a'); const one = cookies().get('a'); one.value; const map = new Map(); map.get('x');";
    expect([...holdersIn(other).keys()]).toEqual(['list']);
    expect(withHolders(other)).toContain("map.get('x')");
  });
});
