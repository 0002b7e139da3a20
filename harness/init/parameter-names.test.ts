import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parameterNames } from './parameter-names.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'parameters-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  ['Express', 'app.get("/x", (req, res) => res.send(req.query.wherefrom));'],
  ['Express, by index', "const to = req.query['wherefrom'];"],
  ['Hono', "app.get('/x', (c) => c.text(c.req.query('wherefrom')));"],
  [
    'Next.js pages',
    'export const getServerSideProps = ({ query }) => { const { id, wherefrom: to = "/" } = query; };',
  ],
  [
    'Next.js app',
    'export default async function Page({ searchParams }) { const { wherefrom } = await searchParams; }',
  ],
  ['Next.js app, in the signature', 'export default function Page({ searchParams: { wherefrom } }) {}'],
  ['Next.js on the client', "const to = useSearchParams().get('wherefrom');"],
  ['SvelteKit', "export const load = ({ url }) => url.searchParams.get('wherefrom');"],
  ['Nuxt', 'export default defineEventHandler((event) => getQuery(event).wherefrom);'],
])('reads the parameter of %s', (_framework, text) => {
  writeFileSync(path.join(folder, 'page.js'), text);
  expect(parameterNames(folder)).toContain('wherefrom');
});

it('takes no methods for parameters', () => {
  writeFileSync(path.join(folder, 'page.js'), 'url.searchParams.set("a", "b"); query.toString();');
  expect(parameterNames(folder)).toEqual([]);
});
