import { afterAll, describe, expect, it } from 'vitest';
import { removeVariants, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';
import { encodeForm } from '../../visitor/encode-form.ts';
import { formsIn } from '../../visitor/forms.ts';
import { newMark } from '../injected-markup.ts';
import { pagesAsFiles, runsInApp } from './uploaded.ts';

afterAll(removeVariants);

const mark = newMark();
const [page, drawing] = pagesAsFiles(mark, 'word');
const given = (headers: Record<string, string>, text = page?.content ?? '') =>
  runsInApp({ status: 200, headers, text }, mark);

describe('a file that is given out', () => {
  it('runs as the app where it is a page or a drawing of it', () => {
    expect(given({ 'content-type': 'text/html; charset=utf-8' })).toBe(true);
    expect(
      given({ 'content-type': 'image/svg+xml', 'content-disposition': 'inline' }, drawing?.content),
    ).toBe(true);
    expect(given({})).toBe(true);
    expect(
      given({ 'content-type': 'text/html', 'content-security-policy': "default-src 'self' 'unsafe-inline'" }),
    ).toBe(true);
  });

  it('runs as nothing where it is to be saved, in a sandbox, without its scripts, or something else', () => {
    expect(given({ 'content-type': 'text/html', 'content-disposition': 'attachment; filename="x"' })).toBe(
      false,
    );
    expect(
      given({ 'content-type': 'image/svg+xml', 'content-security-policy': 'sandbox' }, drawing?.content),
    ).toBe(false);
    expect(
      given(
        { 'content-type': 'image/svg+xml', 'content-security-policy': "script-src 'none'" },
        drawing?.content,
      ),
    ).toBe(false);
    expect(given({ 'content-type': 'text/plain' })).toBe(false);
    expect(given({ 'x-content-type-options': 'nosniff' })).toBe(false);
  });

  it('is none where a page only shows its text', () => {
    expect(given({ 'content-type': 'text/html' }, (page?.content ?? '').replaceAll('<', '&lt;'))).toBe(false);
  });
});

it('a form sends its files beside its fields, of a kind that it accepts', () => {
  const html =
    '<form method="post" enctype="multipart/form-data"><input name="title"><input type="file" name="photo" accept="image/*"></form>';
  const [form] = formsIn(html, new URL('http://app.example/album'), '/auth');
  expect(form).toMatchObject({ fields: { title: 'x' }, files: { photo: 'image/*' }, texts: ['title'] });
  const { body } = encodeForm(form as NonNullable<typeof form>);
  expect(body).toContain('name="photo"; filename="picture.gif"\r\ncontent-type: image/gif\r\n\r\nGIF89a');
  const sent = encodeForm(form as NonNullable<typeof form>, page);
  expect(sent.body).toContain('filename="word.html"\r\ncontent-type: text/html\r\n\r\n<!doctype html>');
});

it('a form that is not sent as multipart sends the name of a file', () => {
  expect(encodeForm({ fields: { a: '1' }, multipart: false, files: { b: '' } }).body).toBe('a=1&b=note.txt');
});

describe('a picture that a script sends as the whole body', { timeout: 120_000 }, () => {
  const on = async (kept: string) => {
    const { 'pages/files-as-pages': found } = await verdictsOn(['pages/files-as-pages'], {
      first: `const pictures = new Map();
  app.use('/api/avatar', express.raw({ type: () => true }), async (req, res, next) => { res.locals.user = (await readSession(req, config, res))?.user; res.locals.user ? next() : res.status(401).end(); });
  app.get('/api/avatar', (req, res) => { const kept = pictures.get(res.locals.user.email); kept ? res.type(kept.type).send(kept.bytes) : res.status(404).end(); });
  app.put('/api/avatar', (req, res) => { const type = req.get('content-type'); if (!${kept}) return res.status(415).end(); pictures.set(res.locals.user.email, { type, bytes: req.body }); res.status(204).end(); });`,
    });
    return found?.filter(Boolean).join(': ');
  };
  it('is no page where its type is looked at', async () => {
    expect(await on('/^image\\/(png|gif)$/.test(type)')).toBe('pass');
  });
  it('is one where its type is believed', async () => {
    expect(await on('type')).toMatch(
      /^fail: Took a-file.html as text\/html by PUT \/api\/avatar, and gave it out at \/api\/avatar as text\/html/,
    );
  });
});
