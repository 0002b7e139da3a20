/**
 * Secrets of every kind, as the mocks make them, in every form, in every place that a report has: none is found again in
 * what any writer makes, nor in an attachment.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleChecks } from '../fixtures/reports/sample.ts';
import { clip } from '../harness/user-agents/clip.ts';
import { createIssued, type IssuedKind } from '../mocks/issued.ts';
import { redactText } from '../mocks/redact.ts';
import { buildReport } from './build.ts';
import { cleanContent, cleanFolder } from './clean.ts';
import type { CheckResult } from './model.ts';
import { REPORTER_NAMES } from './reporter-names.ts';
import { writeReports } from './writers.ts';

/** Values as oidc-provider, Logto and the carrier make them, several of each. */
const make: Record<string, () => string> = {
  'access token': () => randomBytes(32).toString('base64url'),
  'refresh token': () => randomBytes(32).toString('base64url'),
  'ID token': () =>
    ['{"alg":"ES384"}', `{"sub":"${randomBytes(6).toString('hex')}"}`]
      .map((part) => Buffer.from(part).toString('base64url'))
      .concat(randomBytes(96).toString('base64url'))
      .join('.'),
  'authorization code': () => randomBytes(32).toString('base64url'),
  'code verifier': () => randomBytes(32).toString('base64url'),
  'client secret': () => randomBytes(16).toString('hex'),
  // Their leading digits make them no number of anything else.
  'one-time code': () => String(randomInt(100_000, 999_999)),
};
const issued = createIssued();
const secrets = Object.entries(make).flatMap(([kind, value]) =>
  Array.from({ length: 12 }, () => {
    const made = value();
    issued.add({ kind: kind as IssuedKind, value: made, owner: null, scope: null });
    return { kind, value: made };
  }),
);

const base64 = (text: string) => Buffer.from(text).toString('base64');
const every = (text: string, spell: (code: number) => string) =>
  [...text].map((character) => spell(character.charCodeAt(0))).join('');
const hexOf = (code: number) => code.toString(16).padStart(2, '0');

/** The forms of a value; each gives the text, and what must not be found again. */
const forms: Record<string, (value: string) => string> = {
  'as it is': (value) => value,
  'in quotes': (value) => `"${value}"`,
  'with a full stop after it': (value) => `The value is ${value}.`,
  'in percent': (value) => encodeURIComponent(value),
  'every character in percent': (value) => every(value, (code) => `%${hexOf(code)}`),
  'as a JSON string in JSON': (value) => JSON.stringify(JSON.stringify({ it: value })),
  'as JSON escapes': (value) => every(value, (code) => `\\u00${hexOf(code)}`),
  'as HTML entities': (value) => every(value, (code) => `&#${code};`),
  'in base64': base64,
  'in base64 without padding': (value) => base64(value).replace(/=+$/, ''),
  'in base64url': (value) => Buffer.from(value).toString('base64url'),
  'in base64 in percent': (value) => encodeURIComponent(base64(`${value}:?>~`)),
  'inside a longer base64': (value) => base64(`{"user":"ada","it":"${value}","more":true}`),
  'in base64 in base64': (value) => base64(`x ${base64(`it: ${value} .`)}`),
  'as Basic credentials': (value) => `Basic ${base64(`app:${value}`)}`,
  'in hexadecimal digits': (value) => Buffer.from(value).toString('hex'),
  'in capital hexadecimal digits': (value) => Buffer.from(value).toString('hex').toUpperCase(),
  'cut by somebody else': (value) => `${value.slice(0, 20)}… and more`,
  'cut by us': (value) =>
    String(clip(`${'x '.repeat(2_047 - Math.floor(value.length / 4))}${value} and more`)),
};

/** What must not be found: the value, and each form that gives it back. */
const traces = (value: string): string[] => [
  value,
  base64(value).replace(/=+$/, ''),
  Buffer.from(value).toString('hex'),
  Buffer.from(value).toString('hex').toUpperCase(),
  every(value, (code) => `%${hexOf(code)}`),
  every(value, (code) => `\\u00${hexOf(code)}`),
  every(value, (code) => `&#${code};`),
  // Half of a long value says as much.
  ...(value.length > 20 ? [value.slice(0, 16)] : []),
];
const forbidden = secrets.flatMap(({ value }) => [
  ...traces(value),
  ...Object.entries(forms).flatMap(([form, spell]) =>
    /base64|Basic/.test(form)
      ? [
          spell(value)
            .replace(/^Basic /, '')
            .replace(/=+$/, ''),
        ]
      : [],
  ),
]);
const found = (text: string) => forbidden.filter((each) => text.includes(each));

const planted = secrets.flatMap(({ value }) => Object.values(forms).map((spell) => spell(value)));
const all = planted.join('\n');

const leaky = (check: CheckResult, index: number): CheckResult => {
  const mine = planted.filter((_, at) => at % 14 === index % 14);
  return {
    ...check,
    message: mine.slice(0, 40).join(' '),
    detail: mine.join('\n'),
    fix: mine.slice(0, 10).join(' '),
    log: mine,
    steps: [{ name: 'control', outcome: mine.slice(0, 30).join(' '), ok: true, from: 1, to: 1 }],
    ...(check.known !== undefined && { known: mine.slice(0, 5).join(' ') }),
    exchanges: mine.slice(0, 30).map((text, at) => ({
      seq: at + 1,
      at: check.startedAt,
      durationMs: 1,
      scope: null,
      from: 'browser',
      to: 'app',
      method: 'POST',
      url: `http://localhost:3000/x/${text}?y=${encodeURIComponent(text)}#${text}`,
      status: 200,
      request: { headers: { 'x-own': text, cookie: `own=${text}` }, body: text },
      response: { headers: { 'x-own': [text], location: `/${text}` }, body: { deep: [{ it: text }] } },
      faults: [],
      facts: { said: text },
    })),
    attachments: [{ name: `page ${mine[0]}`, contentType: 'text/plain', path: 'attachments/x.txt' }],
  };
};

describe('planted secrets', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'authjs-planted-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are there when they are planted', () => {
    expect(planted.length).toBe(secrets.length * Object.keys(forms).length);
    expect(found(all).length).toBeGreaterThan(secrets.length * 6);
  });
  it.each(Object.entries(forms))('are taken out of a text %s', (form, spell) => {
    const left = secrets.flatMap(({ kind, value }) => {
      const text = redactText(`before ${spell(value)} after`);
      return traces(value).some((trace) => text.includes(trace)) ||
        (!form.includes('cut') && text.includes(spell(value)))
        ? [`${kind}: ${text.slice(-120)}`]
        : [];
    });
    expect(left).toEqual([]);
  });

  const printed: string[] = [];
  const report = buildReport({
    facts: {
      target: { name: 'app', versions: {}, features: [] },
      findings: planted
        .slice(0, 60)
        .map((text) => ({ code: 'CONF_X', what: text, expected: text, remedy: text })),
      targetLog: planted,
    },
    checks: sampleChecks().slice(0, 14).map(leaky),
  });
  writeReports(report, {
    outputFolder: folder,
    reporters: REPORTER_NAMES,
    environment: { GITHUB_ACTIONS: '1', GITHUB_STEP_SUMMARY: path.join(folder, 'summary-of-the-step.md') },
    print: (text) => printed.push(text),
  });
  it.each(readdirSync(folder))('are found 0 times in %s', (file) => {
    const text = readFileSync(path.join(folder, file), 'utf8');
    const packed = file.endsWith('.html') ? /id="exchanges">([^<]*)</.exec(text)?.[1] : undefined;
    expect(found(packed ? text + gunzipSync(Buffer.from(packed, 'base64')).toString('utf8') : text)).toEqual(
      [],
    );
  });
  it('are found 0 times in what is printed', () => expect(found(printed.join('\n'))).toEqual([]));
  it('are found 0 times in attachments', () => {
    const attachments = path.join(folder, 'attachments', 'deep');
    mkdirSync(attachments, { recursive: true });
    writeFileSync(path.join(attachments, 'page.html'), `<p>${planted.join('</p>\n<p>')}</p>`);
    writeFileSync(path.join(attachments, 'notes.json'), JSON.stringify({ planted }));
    cleanFolder(path.join(folder, 'attachments'));
    for (const name of ['page.html', 'notes.json'])
      expect(found(readFileSync(path.join(attachments, name), 'utf8')), name).toEqual([]);
    expect(found(cleanContent(Buffer.from(all)).toString('utf8'))).toEqual([]);
  });
  it('and nothing else is taken for one', () => {
    const text =
      'Signed in as Ada Lovelace at 12:34:56 with 482913 points; commit 9f1c2d3e4b5a69788796a5b4c3d2e1f001234567, id 01HV7Q2T9QK8; see https://example.org/a/VerifyTheCallbackOfAuthJs?x=1';
    expect(redactText(text)).toBe(text);
  });
});
