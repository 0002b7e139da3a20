import { describe, expect, it } from 'vitest';
import { needsSession } from './needs-session.ts';

const NAVIGATION = '<nav>Inbox Newsletter</nav>';
const pages = new Map([
  ['/about', `${NAVIGATION}<p>Marl keeps notes.</p>`],
  ['/notes', `${NAVIGATION}<p>Your four notes</p>`],
  ['/orders', `${NAVIGATION}<p>Your orders</p>`],
]);

describe('a page needs a session', () => {
  it('when it turns strangers away', () =>
    expect(needsSession({ path: '/notes', refuses: true, texts: [] }, pages)).toBe(true));
  it('when it keeps back what stands nowhere else', () =>
    expect(needsSession({ path: '/notes', texts: ['Newsletter', 'Your four notes'] }, pages)).toBe(true));
  it('not when members see the layout of all pages there', () =>
    expect(needsSession({ path: '/about', texts: ['Inbox', 'Newsletter'] }, pages)).toBe(false));
  it('not when it only greets its members', () =>
    expect(needsSession({ path: '/about', texts: [] }, pages)).toBe(false));
});
