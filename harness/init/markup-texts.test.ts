import { expect, it } from 'vitest';
import { markupTextsIn } from './markup-texts.ts';

it('texts between tags and in attributes, as a page shows them', () => {
  const source = `export default () => (
    <Page text="Manage account and website settings." title='Short'>
      <p>
        You don&apos;t have any content yet.
        Start creating content.
      </p>
      <p>Current role: {role} — change it in your settings.</p>
    </Page>
  );`;
  expect(markupTextsIn(source)).toEqual([
    "You don't have any content yet. Start creating content.",
    '— change it in your settings.',
    'Manage account and website settings.',
  ]);
});

it('no texts of data, and no code', () => {
  const source = `const notes = ['The door of the cellar is never locked.'];
    const more = a > b && c < d;
    export const Page = () => <p>{notes[0]}</p>;`;
  expect(markupTextsIn(source)).toEqual([]);
});
