import { expect, it } from 'vitest';
import { fileFieldsIn } from './file-fields.ts';

it('fields of files are those that the source of a route reads', () => {
  expect(
    fileFieldsIn(
      `const form = await request.formData(); const title = form.get('title'); const file = form.get('avatar') as File;`,
    ),
  ).toEqual(['avatar']);
  expect(fileFieldsIn(`app.post('/files', multer().single('document'), keep)`)).toEqual(['document']);
  expect(
    fileFieldsIn(`const [fields, files] = await formidable({}).parse(req); save(files.picture?.[0]);`),
  ).toEqual(['picture']);
});

it('are the usual ones where the source does not say', () => {
  expect(
    fileFieldsIn('for (const [, value] of await request.formData()) if (value instanceof File) keep(value);'),
  ).toEqual(['file', 'avatar', 'image']);
});

it('are none where a form of texts, or none, is read', () => {
  expect(fileFieldsIn(`const form = await request.formData();`)).toBeUndefined();
  expect(fileFieldsIn(`const { name } = await request.json();`)).toBeUndefined();
});
