import { expect, it } from 'vitest';
import { requestWords } from './request-words.ts';
import { readSource } from './syntax.ts';

const wordsOf = (text: string) => {
  const source = readSource('server.ts', text);
  return requestWords(source ? [source] : []).map(({ place, name, value }) => `${place} ${name}=${value}`);
};

it.each([
  ["req.query.preview === 'kettles-preview'", 'query preview=kettles-preview'],
  ["if ('open' !== url.searchParams.get('door')) refuse()", 'query door=open'],
  ["const given = String(c.req.query('key'));\nif (given === 'let-me-in') next()", 'query key=let-me-in'],
  ["request.headers.get('x-api-key') === `abc-123`", 'header x-api-key=abc-123'],
  ["const KEY = 'k1';\nreq.headers['authorization'] === 'Bearer ' + KEY", 'header authorization=Bearer k1'],
  ["req.get('x-job') === (process.env.JOB_KEY ?? 'nightly')", 'header x-job=nightly'],
  ["(await cookies()).get('beta')?.value === 'yes'", 'cookie beta=yes'],
  ["req.cookies.pass.toLowerCase() === 'staff'", 'cookie pass=staff'],
  ["['qa', 'dev'].includes(req.query.mode)", 'query mode=dev'],
  ["req.headers['user-agent'].startsWith('HealthCheck/')", 'header user-agent=HealthCheck/'],
  ["const preview = location.search.includes('preview=kettles-preview');", 'query preview=kettles-preview'],
  ["req.originalUrl.endsWith('?open=sesame')", 'query open=sesame'],
])('%s is compared with a word', (text, expected) => {
  expect(wordsOf(text)).toContain(expected);
});

it('what is compared with no word, or is no part of a request, is left out', () => {
  expect(
    wordsOf(
      "if (req.method === 'POST' || order.state === 'sent' || req.query.id === session.user.id) go();\n" +
        "if (req.headers.host === 'shop.example' || req.query.key === process.env.KEY) go();",
    ),
  ).toEqual([]);
});

it('keys come before the words of every app', () => {
  expect(wordsOf("req.query.lang === 'en' || req.query.key === 'a-long-key-that-nobody-knows'")[0]).toBe(
    'query key=a-long-key-that-nobody-knows',
  );
});
