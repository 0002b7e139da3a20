import { expect, it } from 'vitest';
import { searchesIn, wordsBeside } from './searches.ts';

const lab = {
  app: { origin: 'http://localhost:3000', basePath: '/auth' },
  config: { pages: { protected: [], api: [], home: '/' } },
  routes: { paths: [], parameters: ['q', 'page'] },
} as never;

it('words beside the name of a member are found again, the name is not', () => {
  const bodies = [
    '{"text":"Hello Ottilie7, your first note"}',
    '<p>The first project of Ottilie7</p>',
    '<p>Imprint</p>',
  ];
  expect(wordsBeside('Ottilie7', bodies)).toEqual(['first', 'hello']);
  expect(wordsBeside('', bodies)).toEqual([]);
});
it('searches are asked for those words, by the parameter that the sources read', () => {
  const paths = ['/api/search', '/notes', '/en/search/:kind'].map((path) => ({ path, source: 'app.js' }));
  expect(searchesIn(lab, paths, ['first'])).toEqual([{ path: '/api/search?q=first', source: 'app.js' }]);
});
