import { describe, expect, it } from 'vitest';
import { injectedIn, markOf, payloads } from './markup.ts';

const mark = markOf(3);
const seen = (html: string) => injectedIn(html, new Map([[mark, 'error']]));
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
const { mixed, unclosed, address, twice } = payloads;

describe('markup in a parameter', () => {
  it.each([
    ['text', `<p>${mixed(mark)}</p>`],
    ['a quoted attribute', `<a href="/help?from=${mixed(mark)}">Help</a>`],
    ['an attribute in single quotes', `<a href='/help?from=${mixed(mark)}'>Help</a>`],
    ['an attribute without quotes', `<a href=/help?from=${mixed(mark)}>Help</a>`],
    ['a title', `<html><head><title>${mixed(mark)}</title></head></html>`],
    ['a field of several lines', `<textarea>${mixed(mark)}</textarea>`],
    ['a script', `<script>var error = ${JSON.stringify(mixed(mark))}</script>`],
    ['what is left when whole tags are taken out', `<p>${unclosed(mark).replace(/<[^>]+>/g, '')}</p></div>`],
    ['what is left when tags of scripts are taken out', `<p>${mixed(mark).replace(/<script/gi, '')}</p>`],
    ['text that was decoded twice', `<p>${decodeURIComponent(twice(mark))}</p>`],
    ['text of a template', `<template><p>${mixed(mark)}</p></template>`],
  ])('becomes an element in %s', (_where, html) => {
    expect(seen(html)).toMatch(/element of the parameter error/);
  });

  it('becomes a handler where only angle brackets are escaped', () => {
    const text = mixed(mark).replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    expect(seen(`<a href="/help?from=${text}">Help</a>`)).toMatch(/handler \(onclick of <a>\)/);
  });

  it('becomes script where it leaves a string', () => {
    const text = mixed(mark).replaceAll('<', '\\u003c');
    expect(seen(`<script>var error = "${text}";</script>`)).toMatch(/script/);
    expect(seen(`<script>var error = '${text}';</script>`)).toMatch(/script/);
  });

  it('becomes script in a handler, although HTML is escaped', () => {
    expect(seen(`<button onclick="go('${escaped(mixed(mark))}')">Go</button>`)).toMatch(/handler/);
  });

  it('becomes a link that runs', () => {
    expect(seen(`<a href="${address(mark)}">Back</a>`)).toMatch(/runs a script/);
    expect(seen(`<form action=" java\nscript:${mark}">`)).toMatch(/runs a script/);
  });

  it('becomes an element in a frame that is written into the page', () => {
    expect(seen(`<iframe srcdoc="${escaped(`<p>${mixed(mark)}`)}"></iframe>`)).toMatch(/element/);
  });

  it.each([
    ['escaped text', `<p>${escaped(mixed(mark))}</p>`],
    ['an escaped attribute', `<a href="/help?from=${escaped(mixed(mark))}">Help</a>`],
    ['a hidden field', `<input type="hidden" name="callbackUrl" value="${address(mark)}">`],
    [
      'JSON',
      `<script type="application/json">{"error":"${mixed(mark).replaceAll('"', '\\"').replaceAll('<', '\\u003c')}"}</script>`,
    ],
    [
      'a string of a script',
      `<script>var error = ${JSON.stringify(mixed(mark)).replaceAll('<', '\\u003c')}</script>`,
    ],
    [
      'the data of a streamed page',
      `<script>self.__next_f.push([1,${JSON.stringify(JSON.stringify({ error: mixed(mark) })).replaceAll('<', '\\u003c')}])</script>`,
    ],
    ['an address below another', `<a href="/go?to=${encodeURIComponent(address(mark))}">Go</a>`],
    ['a page that does not show it', '<p>Something went wrong.</p>'],
  ])('is left alone in %s', (_where, html) => {
    expect(seen(html)).toBeUndefined();
  });

  it('names each parameter by a mark that is part of no other', () => {
    const all = Array.from({ length: 200 }, (_each, index) => markOf(index));
    expect(all.filter((each) => all.some((other) => other !== each && other.includes(each)))).toEqual([]);
  });
});
