import { describe, expect, it } from 'vitest';
import { createJournal, type NewExchange } from './journal.ts';

const exchange = (scope: string | null, change: Partial<NewExchange> = {}): NewExchange => ({
  durationMs: 1,
  scope,
  from: 'app',
  to: 'issuer',
  method: 'GET',
  url: 'http://127.0.0.1/oidc/jwks',
  status: 200,
  request: { headers: {}, body: null },
  response: { headers: { 'content-type': 'text/html' }, body: 'page' },
  ...change,
});

describe('the journal', () => {
  const journal = createJournal(50);
  for (let count = 0; count < 500; count += 1) journal.add(exchange(count % 7 ? `s${count % 7}` : null));
  it('answers by scope and position what looking through all of it would', () => {
    const all = journal.query();
    expect(all.length).toBeLessThanOrEqual(55);
    for (const scope of ['s1', 's6', 'nobody'])
      expect(journal.query({ scope })).toEqual(all.filter((each) => each.scope === scope));
    for (const since of [0, (all[0]?.seq ?? 0) - 1, all[0]?.seq ?? 0, 480, 500, 600])
      expect(journal.query({ since })).toEqual(all.filter(({ seq }) => seq > since));
    expect(journal.query({ scope: 's2', since: 490 })).toEqual(
      all.filter(({ seq, scope }) => seq > 490 && scope === 's2'),
    );
  });
  it('says of each scope whether some of it has left', () => {
    expect(journal.missing({ scope: 's1' })).toContain('have left it');
    expect(journal.missing({ scope: 'nobody' })).toBeUndefined();
    const first = journal.query({ scope: 's1' })[0]?.seq ?? 0;
    expect(journal.missing({ scope: 's1', since: first })).toBeUndefined();
  });
  it('forgets scopes when it is emptied', () => {
    const own = createJournal();
    own.add(exchange('a'));
    own.reset();
    expect(own.query({ scope: 'a' })).toEqual([]);
    expect(own.add(exchange('a')).seq).toBe(2);
    expect(own.query({ since: 1 })).toHaveLength(1);
  });
  it('tells a user agent what it does not know itself', () => {
    const own = createJournal();
    own.add(exchange('a'));
    own.add(exchange('a', { from: 'browser' }));
    own.add(exchange('a', { from: 'browser', faults: ['token/status-500'] }));
    const [server, changed, ...rest] = own.query({ scope: 'a', view: 'servers' });
    expect(rest).toEqual([]);
    expect(server).toEqual(own.query({ scope: 'a' })[0]);
    expect(changed).toMatchObject({
      from: 'browser',
      faults: ['token/status-500'],
      response: { headers: {}, body: null },
    });
  });
});
