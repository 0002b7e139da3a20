import { describe, expect, it } from 'vitest';
import { encodeForm } from '../../visitor/encode-form.ts';
import { formsIn } from '../../visitor/forms.ts';
import { newMark } from '../injected-markup.ts';
import { pagesAsFiles, runsInApp } from './uploaded.ts';

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
