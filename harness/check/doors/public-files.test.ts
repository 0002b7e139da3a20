import { describe, expect, it } from 'vitest';
import type { LabDescription } from '../../lab/lab-description.ts';
import { publicFilesOf, wordsInScript } from './public-files.ts';

const lab = (routes: LabDescription['routes']) =>
  ({ app: { origin: 'http://localhost:3000' }, routes }) as Pick<LabDescription, 'app' | 'routes'>;

describe('files that anybody is served', () => {
  it('are the scripts of public pages, of this origin', () => {
    const page =
      '<script src="/assets/app.js?v=1"></script><script src="https://cdn.example/x.js"></script><script>1</script>';
    const files = publicFilesOf([page, page], lab(undefined));
    expect(files.filter((file) => file.includes('app.js'))).toEqual(['/assets/app.js?v=1']);
    expect(files.join()).not.toContain('x.js');
  });
  it('are those that sources and folders name, and that hold text', () => {
    const paths = ['/settings.js', '/app.js.map', '/logo.png', '/sign-out.js', '/:name.js', '/orders'];
    const files = publicFilesOf(
      [],
      lab({ paths: paths.map((path) => ({ path, source: 'server.js' })), files: ['/robots.txt'] }),
    );
    expect(files).toEqual(expect.arrayContaining(['/robots.txt', '/settings.js', '/app.js.map']));
    expect(files.join()).not.toMatch(/logo|sign-out|:name|orders/);
  });
  it('are those where settings usually are', () => {
    expect(publicFilesOf([], lab(undefined))).toEqual(expect.arrayContaining(['/config.js', '/.env']));
  });
});

it('a script that everybody reads may say what opens a page', () => {
  const said = (script: string) => wordsInScript(script).map(({ name, value }) => `${name}=${value}`);
  expect(said("const on = location.search.includes('preview=kettles-preview');")).toEqual([
    'preview=kettles-preview',
  ]);
  expect(said('let k=new URLSearchParams(location.search);if(k.get("door")==="sesame")open()')).toEqual([
    'door=sesame',
  ]);
  expect(said("fetch('/orders?page=' + page); const css = 'a=b';")).toEqual([]);
});
