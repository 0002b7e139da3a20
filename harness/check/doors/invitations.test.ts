import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { isFeedByKey, isForHolders, isInvitation, withOtherSignature, withQueryOf } from './invitations.ts';

it.each([
  '/join/inv_2G72jzxoPhDL',
  '/en/invite/01J9ZK3T7Q2M',
  '/s/shared/Xk29fLmQpa?from=mail',
  '/?via=hSEaKb03aGI',
  '/start?ref=Xk29fLmQpa',
])('%s is given away', (path) => expect(isInvitation(path)).toBe(true));
it.each([
  '/?ref=newsletter',
  '/list?page=01J9ZK3T7Q2M',
  '/orders/01J9ZK3T7Q2M',
  '/join',
  '/join/us',
  '/invitations/pending-list',
  '/invite/12',
])('%s is not', (path) => expect(isInvitation(path)).toBe(false));

it.each([
  ['/feed/3C_fSXlmgFgeqZu9fG-_woeWr98', 'text/calendar; charset=utf-8'],
  ['/calendars/9f8a7b6c5d4e3f2a1b0c.ics', 'text/calendar'],
  ['/private.atom?token=AEBqQ7kY2mXw0pTz9LsVbN', 'application/atom+xml'],
])('%s is the key of a feed', (path, type) => expect(isFeedByKey(path, type)).toBe(true));
it.each([
  ['/feed/3C_fSXlmgFgeqZu9fG-_woeWr98', 'text/html'],
  ['/feed/3C_fSXlmgFgeqZu9fG-_woeWr98', 'application/json'],
  ['/calendars/4711.ics', 'text/calendar'],
  ['/calendars/0b1de2f4-5a6b-4c7d-8e9f-0a1b2c3d4e5f.ics', 'text/calendar'],
])('%s as %s is none', (path, type) => expect(isFeedByKey(path, type)).toBe(false));

it('a signed link is known by its signature, and has another one without worth', () => {
  expect(withOtherSignature('/dl/7?exp=99&sig=Zk3uQ9vB1nM8xW2pL0aa')).toBe(
    '/dl/7?exp=99&sig=aa0Lp2Wx8Mn1Bv9Qu3kZ',
  );
  expect(withOtherSignature('/api/feed?token=ft9c41b07d2e88a6f3')).toBe('/api/feed?token=3f6a88e2d70b14c9tf');
  expect(withOtherSignature('/api/feed?token=user5130')).toBeUndefined();
  expect(withOtherSignature('/api/bills?userId=usr9c41b07d2e88a6f3')).toBeUndefined();
  expect(withOtherSignature('/dl/7?exp=99')).toBeUndefined();
  expect(withOtherSignature('/list?s=shoes')).toBeUndefined();
});

it('a signed link takes what another one of the same kind says behind its address', () => {
  const others = [
    '/files',
    '/dl/9?exp=100&sig=Mn1Bv9Qu3kZaa0Lp2Wx8',
    '/img/9?exp=98&sig=Qu3kZaa0Lp2Wx8Mn1Bv9',
  ];
  expect(withQueryOf('/dl/7?exp=99&sig=Zk3uQ9vB1nM8xW2pL0aa', others)).toBe(
    '/dl/7?exp=100&sig=Mn1Bv9Qu3kZaa0Lp2Wx8',
  );
  expect(withQueryOf('/dl/9?exp=99&sig=Zk3uQ9vB1nM8xW2pL0aa', others)).toBeUndefined();
  expect(withQueryOf('/dl/7?page=2', others)).toBeUndefined();
  const alike = '/dl/8?exp=99&sig=Zk3uQ9vB1nM8xW2pL0aa';
  expect(withQueryOf(alike, ['/dl/7?exp=99&sig=Zk3uQ9vB1nM8xW2pL0aa'])).toBe(alike);
});

it('keys are known as such, whatever signs chance has put into them', () => {
  const bytes = (at: number) => createHash('sha256').update(`key ${at}`).digest();
  const keys = Array.from({ length: 1_000 }, (_, at) => [
    bytes(at).subarray(0, 16).toString('base64url'),
    bytes(at).subarray(0, 24).toString('base64url'),
    // As nanoid writes 21 of 64 signs.
    bytes(at).toString('base64url').slice(0, 21),
  ]).flat();
  const missed = keys.filter((key) => !isForHolders(`/pass/${key}`));
  expect(missed.length).toBeLessThan(keys.length / 100);
  expect(isForHolders('/card/XK3P-9QFT-M2LA-77RD')).toBe(true);
});

it.each([
  '/posts/my-long-story-of-a-garden-2026',
  '/posts/The-Great-Garden-Of-2026-Edition2',
  '/orders/2026-11-28-000000017',
  '/users/123456789012345678901',
  '/blog/covid19-update-2020-in-the-alps',
])('%s is guessed', (path) => expect(isForHolders(path)).toBe(false));
