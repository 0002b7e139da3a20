import { describe, expect, it } from 'vitest';
import { MARKUP } from '../../mocks/logto/faults/markup.ts';
import type { Answer } from '../user-agents/http.ts';
import { demandNothingReal, injections, madeReal, madeRealIn } from './injected-markup.ts';

const MARK = 'conformanceabc123';
const [image = '', script = '', svg = '', attribute = ''] = injections(MARK);
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

describe('a text with markup in a page', () => {
  it.each([
    ['between tags', `<p>Hello ${image}</p>`, '<img onerror>'],
    ['between tags, without its handler', `<p>Hello <img src="${MARK}"></p>`, '<img>'],
    ['as the end of a script', `<script>const name = ${JSON.stringify(script)};</script>`, '<script>'],
    [
      'as the end of a data block',
      `<script type="qwik/json">${JSON.stringify([script])}</script>`,
      '<script>',
    ],
    ['as the end of a title', `<title>${svg}</title>`, '<svg onload>'],
    ['in a comment', `<!-- ${svg} -->`, '<svg onload>'],
    ['in a quoted value', `<input value="${attribute}">`, '<input onfocus>'],
    ['in a value in single quotes', `<input value='${attribute}'>`, '<input onfocus>'],
    ['in a value without quotes', `<input value=${attribute}>`, '<input onfocus>'],
    ['in a template', `<template><b>${image}</b></template>`, '<img onerror>'],
    ['in a frame', `<iframe srcdoc="${escaped(`<b>${image}</b>`)}"></iframe>`, '<img onerror>'],
  ])('is real %s', (_place, html, real) => {
    expect(madeReal(html, MARK)).toContain(real);
  });

  it.each([
    ['escaped', `<p>${injections(MARK).map(escaped).join(' ')}</p>`],
    [
      'in a data block (Qwik)',
      `<script type="qwik/json">{"refs":{},"objs":[${JSON.stringify(image)}]}</script>`,
    ],
    [
      'in a data block with escaped ends',
      `<script type="application/json">"\\u003c/script>\\u003cscript>${MARK}()"</script>`,
    ],
    ['in a script, in quotes', `<script>greet(${JSON.stringify(image)})</script>`],
    ['escaped in a value', `<input value="${escaped(attribute)}">`],
    ['in a handler, as a text', `<b onclick="greet('${escaped(image)}')">Hello</b>`],
    ['in a text area', `<textarea>${image}</textarea>`],
    ['not at all', '<p>Hello</p>'],
  ])('stays text %s', (_place, html) => {
    expect(madeReal(html, MARK)).toEqual([]);
  });

  it('is looked for in pages only', () => {
    const answer = (type?: string) => ({ headers: { ...(type && { 'content-type': type }) }, text: image });
    expect(madeRealIn(answer('application/json'), MARK)).toEqual([]);
    expect(madeRealIn(answer('text/html; charset=utf-8'), MARK)).not.toEqual([]);
    expect(madeRealIn(answer(), MARK)).not.toEqual([]);
  });
});

describe('markup of a fault', () => {
  const page = (text: string): Answer =>
    ({
      url: new URL('http://localhost/oops'),
      status: 400,
      headers: { 'content-type': 'text/html' },
      text,
    }) as never;

  it.each([
    ['as text', `<p>${MARKUP.replaceAll('<', '&lt;')}</p>`],
    [
      'in a data block',
      `<script type="qwik/json">${JSON.stringify([MARKUP]).replaceAll('</', '<\\/')}</script>`,
    ],
    ['in a value', `<input value="${MARKUP.replaceAll('"', '&quot;')}">`],
  ])('is nothing %s', (_, html) => expect(() => demandNothingReal([page(html)], 'it')).not.toThrow());

  it.each([MARKUP, MARKUP.replace('<img', '<IMG').replace('<script>', '<ScRiPt >')])(
    'is told in %s',
    (html) =>
      expect(() => demandNothingReal([page(`<p>${html}</p>`)], 'the error')).toThrow(
        'Made <img> of the error at /oops (400).',
      ),
  );

  it('is nothing in an answer that no browser takes for a page', () => {
    const answer = { ...page(MARKUP), headers: { 'content-type': 'application/json' } };
    expect(() => demandNothingReal([answer], 'it')).not.toThrow();
  });
});
