import { expect, it } from 'vitest';
import { asksFromElsewhere, namedOrigins } from './elsewhere.ts';

const words = [
  { place: 'header' as const, name: 'Origin', value: 'https://app.desk.example' },
  { place: 'header' as const, name: 'x-job', value: 'https://job.example' },
  { place: 'query' as const, name: 'origin', value: 'https://shop.example' },
  { place: 'header' as const, name: 'origin', value: 'desk' },
];

it('the origins that the sources name are those of the header alone', () => {
  expect(namedOrigins({ words })).toEqual(['https://app.desk.example']);
  expect(namedOrigins(undefined)).toEqual([]);
});

it('sites ask whose origin looks like that of the app, or like one that it names', () => {
  const app = { origin: 'http://localhost:3000', basePath: '/auth' };
  const originsOf = (routes?: { words: typeof words }) =>
    asksFromElsewhere([], { app, routes } as unknown as Parameters<typeof asksFromElsewhere>[1]).map(
      ({ headers }) => headers.origin,
    );
  const own = ['https://evil.example', 'null', 'http://localhost.evil.example', 'http://evillocalhost'];
  expect(originsOf()).toEqual(own);
  expect(originsOf({ words })).toEqual([
    ...own,
    'https://app.desk.example.evil.example',
    'https://evilapp.desk.example',
  ]);
});
