import { describe, expect, it } from 'vitest';
import { isShell, sharedWithStrangers } from './for-everybody.ts';

const page = (nav: string, main: string) =>
  `<html><head><title>The club of all gardeners</title></head><body><nav><a href="/login">${nav}</a></nav><main>${main}</main><script src="/app.js"></script></body></html>`;
const minutes = '<p>Minutes of the board: the chair resigns in May.</p>';
const home = page('Sign in', '<p>We have gardened here since the war.</p>');
const isPersonal = (text: string) => text.includes('Ottilie');
const sharing = (member: string, stranger: string, again = member) =>
  sharedWithStrangers([member, again], stranger, [home], isPersonal);
const shared = (...given: Parameters<typeof sharing>) => sharing(...given)?.text;

describe('a page that stays where it is for strangers', () => {
  it('is open when all that it says to members is there, beside a link to the sign-in', () => {
    expect(
      shared(
        page('Sign out', `${minutes}<p>Hello Ottilie</p>`),
        page('Sign in', `${minutes}<p>Hello you</p>`),
      ),
    ).toBe('Minutes of the board: the chair resigns in May.');
  });
  it('is closed when it says what it is for, and keeps the rest', () => {
    const about = '<h1>Your orders and invoices</h1><p>Here are all orders that you placed with us.</p>';
    expect(
      shared(
        page('Sign out', `${about}<p>No orders yet</p>`),
        page('Sign in', `${about}<p>Please sign in</p>`),
      ),
    ).toBeUndefined();
  });
  it('is in doubt when it asks strangers to sign in where it greets members', () => {
    const at = (asks: string) =>
      sharing(page('Menu', `${minutes}<p>Hello Ottilie</p>`), page('Menu', `${minutes}<p>${asks}</p>`))
        ?.doubtful;
    expect(at('Please sign in')).toBe(true);
    expect(at('Hello you')).toBe(false);
  });
  it('is open when it asks members as well, or has nothing more for them', () => {
    const asks = `${minutes}<p>Sign in on the phone, too</p>`;
    const open = { text: expect.stringMatching(/^Minutes/), doubtful: false };
    expect(sharing(page('Menu', `${asks}<p>Hello Ottilie</p>`), page('Menu', asks))).toEqual(open);
    expect(sharing(page('Menu', minutes), page('Menu', `${minutes}<button>Sign in</button>`))).toEqual(open);
  });
  it('is no page of its own where it says what every page says', () => {
    expect(shared(home, home)).toBeUndefined();
  });
  it('is not compared by what changes by itself', () => {
    const at = (time: string) => page('Sign out', `${minutes}<p>It is ${time} o'clock</p>`);
    expect(shared(at('10:00:01'), page('Sign in', minutes), at('10:00:02'))).toMatch(/^Minutes/);
  });
});

describe('a shell', () => {
  const shell = page('Menu', '<h1>Messages</h1><p>Loading</p>');
  it('is the same few words for everybody, drawn by scripts', () => {
    expect(isShell(shell, shell, [home])).toBe(true);
  });
  it.each([
    ['another page for members', page('Menu', '<h1>Messages</h1><p>Nothing new</p>'), shell],
    ['a page that says something', page('Menu', minutes), page('Menu', minutes)],
    ['a page without scripts', '<h1>Messages</h1>', '<h1>Messages</h1>'],
  ])('is not %s', (_what, member, stranger) => {
    expect(isShell(member, stranger, [home])).toBe(false);
  });
});
