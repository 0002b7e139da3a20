import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hostsIn, mayAsk, mayBeAsked } from './loopback.ts';

const none = hostsIn([]);

it.each([
  'localhost:3301',
  'LOCALHOST',
  '127.0.0.1:1',
  '[::1]:80',
  'shop.localhost:3000',
  '192.168.1.5:3301',
  'host.docker.internal:3301',
  'mocks:3301',
  '',
])('answers %s', (host) => expect(mayAsk(host, none)).toBe(true));

it.each([
  'evil.example',
  'evil.example:3301',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  'localhost.com',
  'a.b',
])('does not answer %s, unless it is named', (host) => {
  expect(mayAsk(host, none)).toBe(false);
  expect(mayAsk(host, hostsIn([host]))).toBe(true);
  expect(mayAsk(host, hostsIn([`https://${host}/oidc`, undefined]))).toBe(true);
});

it.each([
  'http://localhost:3000/x',
  'https://127.0.0.1/',
  'http://[::1]:5/',
  'http://127.1/',
  'http://host.docker.internal/',
])('asks %s', (url) => expect(mayBeAsked(url, none)).toBe(true));

it.each([
  'http://169.254.169.254/latest/meta-data',
  'http://10.0.0.1/',
  'http://0.0.0.0:80/',
  'http://[::ffff:10.0.0.1]/',
  'http://db:5432/',
  'http://evil.example/',
  'http://localhost@evil.example/',
  'ftp://localhost/',
  'file:///etc/passwd',
])('does not ask %s', (url) => expect(mayBeAsked(url, none)).toBe(false));

it('never asks a name with a dot that was not named', () => {
  fc.assert(
    fc.property(fc.domain(), fc.nat(65_535), (name, port) => {
      expect(mayBeAsked(`http://${name}:${port}/`, none)).toBe(/(^|\.)localhost$/.test(name));
      expect(mayAsk(`${name}:${port}`, none)).toBe(name.endsWith('.localhost'));
    }),
    { numRuns: 300 },
  );
});
