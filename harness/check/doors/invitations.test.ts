import { expect, it } from 'vitest';
import { isFeedByKey, isInvitation, withOtherSignature, withQueryOf } from './invitations.ts';

it.each(['/join/inv_2G72jzxoPhDL', '/en/invite/01J9ZK3T7Q2M', '/s/shared/Xk29fLmQpa?from=mail'])(
  '%s is given away',
  (path) => expect(isInvitation(path)).toBe(true),
);
it.each(['/orders/01J9ZK3T7Q2M', '/join', '/join/us', '/invitations/pending-list', '/invite/12'])(
  '%s is not',
  (path) => expect(isInvitation(path)).toBe(false),
);

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
