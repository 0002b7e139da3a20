/** The journal keeps exchanges as they were until they are read; no secret of any time is in what is read. */
import { expect, it } from 'vitest';
import { createJournal, type NewExchange } from './journal.ts';
import { registerSecret } from './redact.ts';

const exchange = (body: unknown): NewExchange => ({
  durationMs: 1,
  scope: 'one',
  from: 'app',
  to: 'issuer',
  method: 'POST',
  url: 'http://issuer.example/token?client_secret=of-the-app-of-all',
  status: 200,
  request: { headers: { cookie: 'a=a-value-of-a-cookie' }, body },
  response: { headers: {}, body: null },
});

it('what is read is redacted, however it is read', () => {
  const journal = createJournal();
  const heard: string[] = [];
  journal.subscribe((entry) => heard.push(JSON.stringify(entry)));
  const added = journal.add(exchange({ code: 'a-code-of-somebody' }));
  const all = [
    ...heard,
    JSON.stringify(added),
    JSON.stringify(journal.query()),
    JSON.stringify({ ...added }),
    JSON.stringify(structuredClone(added)),
  ];
  expect(all).toHaveLength(5);
  for (const text of all) {
    expect(text).not.toMatch(/of-the-app-of-all|a-value-of-a-cookie|a-code-of-somebody/);
    expect(text).toContain('‹code #');
  }
});

it('a secret that is registered after it was noted is hidden, too', () => {
  const journal = createJournal();
  const added = journal.add(exchange('it says swordfish-and-trout'));
  registerSecret('password', 'swordfish-and-trout');
  expect(added.request.body).toMatch(/^it says ‹password #\w+›$/);
});

it('before secrets are forgotten, all that is kept is looked through', () => {
  const journal = createJournal();
  journal.add(exchange('it says herring-and-plaice'));
  registerSecret('password', 'herring-and-plaice');
  for (let count = 0; count < 60_000; count += 1) registerSecret('access token', `passing-${count}-token`);
  expect(JSON.stringify(journal.query())).not.toContain('herring-and-plaice');
});

it('a long body is cut when it comes, and the cut part is kept nowhere', () => {
  const journal = createJournal();
  const { request } = journal.add(exchange('x'.repeat(20_000)));
  expect(request.body).toMatch(/^x{16384}… \(cut: it has 20000 characters\)$/);
});
