import { expect, it } from 'vitest';
import { makingAsk, published, tellsAny, tellsBody, textFieldsOf, unticked } from './made-by-member.ts';

const form = {
  action: '/posts',
  fields: { title: 'x', text: 'x', status: 'draft' },
  multipart: false,
  texts: ['title', 'text'],
};

it('a form says whether its maker keeps what it makes', () => {
  expect(makingAsk(form, 'word')).toMatchObject({ isKept: true, hasBody: true });
  expect(makingAsk({ ...form, fields: { private: 'on' }, texts: ['name'] }, 'word')).toMatchObject({
    isKept: true,
    hasBody: false,
  });
  const open = published(form);
  expect(open?.fields.status).toBe('published');
  expect(open && makingAsk(open, 'word').isKept).toBe(false);
  expect(open && published(open)).toBeUndefined();
});
it('what is ticked about readers is sent once without, too', () => {
  const ticked = (fields: Record<string, string>) => unticked({ ...form, fields: { title: 'x', ...fields } });
  expect(ticked({ draft: 'on' })).toMatchObject({ form: { fields: { title: 'x' } }, isKept: false });
  expect(ticked({ isPublic: 'true' })).toMatchObject({ form: { fields: { title: 'x' } }, isKept: true });
  expect(ticked({ newsletter: 'on' })).toBeUndefined();
  expect(ticked({ public: 'everybody' })).toBeUndefined();
});
it('what names a thing is told from what is in it', () => {
  const body = new URLSearchParams(makingAsk(form, 'word7').ask.body);
  const [name, text] = [String(body.get('title')), String(body.get('text'))];
  expect([tellsAny(name, { word: 'word7' }), tellsBody(name, { word: 'word7' })]).toEqual([true, false]);
  expect([tellsAny(text, { word: 'word7' }), tellsBody(text, { word: 'word7' })]).toEqual([true, true]);
  expect(tellsAny('word70', { word: 'word7' })).toBe(false);
});
it('data and forms tell how the texts of an app are called', () => {
  const pages = new Map([['/api/bills', '[{"id":"b1","client":"Ada","createdAt":"2027","status":"open"}]']]);
  const names = textFieldsOf({ pages }, [{ ...form, texts: ['reason'] }]);
  expect(names).toEqual(expect.arrayContaining(['title', 'reason', 'client']));
  expect(names).not.toEqual(expect.arrayContaining(['id']));
  expect(names.some((name) => /status|createdAt/.test(name))).toBe(false);
});
