import { expect, it } from 'vitest';
import { routesIn, sourceTree } from '../../../fixtures/source-tree.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import { previewsOf } from './preview.ts';

it('a preview is known by what its source does, and by what its address is called', () => {
  const routes = routesIn(
    sourceTree({
      'package.json': '{"dependencies":{"next":"16.0.0","next-auth":"5.0.0-beta.32"}}',
      'app/page.tsx': 'export default function Home() { return null; }',
      'app/api/look/route.ts':
        "import { draftMode } from 'next/headers'; export async function GET(request) { const slug = new URL(request.url).searchParams.get('slug'); (await draftMode()).enable(); redirect(slug); }",
      'app/api/end/route.ts':
        "import { draftMode } from 'next/headers'; export async function GET() { (await draftMode()).disable(); redirect('/'); }",
      'pages/api/preview.ts': 'export default function handler(req, res) { res.status(404).end(); }',
      'app/preview/page.tsx': 'export default function Preview() { return null; }',
    }),
  );
  const lab = {
    routes,
    app: { origin: 'http://localhost', basePath: '/api/auth' },
    config: { pages: {} },
  } as unknown as LabDescription;
  expect(previewsOf(lab)).toEqual([
    { path: '/api/look', names: ['slug'] },
    { path: '/api/preview', names: [] },
  ]);
});
