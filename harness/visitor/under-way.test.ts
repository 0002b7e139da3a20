import { EventEmitter } from 'node:events';
import type { Page } from '@playwright/test';
import { expect, it } from 'vitest';
import { watchUnderWay } from './under-way.ts';

const request = (method: string, isDocument = false) => ({
  method: () => method,
  isNavigationRequest: () => isDocument,
});

it.each([
  ['a form', request('POST', true)],
  ['a link', request('GET', true)],
  ['what a script posts', request('POST')],
])('waits until %s was answered', async (_, one) => {
  const page = new EventEmitter();
  const settled = watchUnderWay(page as unknown as Page);
  page.emit('request', one);
  let isOver = false;
  const waiting = settled(60_000).then(() => {
    isOver = true;
  });
  await new Promise(setImmediate);
  expect(isOver).toBe(false);
  page.emit('requestfinished', one);
  await waiting;
});

it('waits for nothing that only reads, and no longer than its limit', async () => {
  const page = new EventEmitter();
  const settled = watchUnderWay(page as unknown as Page);
  page.emit('request', request('GET'));
  await settled(60_000);
  page.emit('request', request('POST'));
  await settled(5);
});
