import { describe, expect, it } from 'vitest';
import { recognise } from './templates.ts';

const template = (content: string, usageType = 'SignIn') => ({ usageType, content });

describe('the template of a message', () => {
  const twins = [template('Code: {{code}}', 'Register'), template('Code: {{code}}', 'SignIn')];
  it('is the one that Logto asked for, when two have the same text', () => {
    expect(recognise('Code: 123456', twins, 'SignIn')).toEqual({
      template: 'SignIn',
      templates: ['Register', 'SignIn'],
      code: '123456',
      written: '123456',
    });
    expect(recognise('Code: 123456', twins, 'Register').template).toBe('Register');
  });
  it('stays open when nobody said which of them it was', () => {
    expect(recognise('Code: 123456', twins)).toMatchObject({
      template: null,
      templates: ['Register', 'SignIn'],
    });
  });
  it('is Generic when the connector has none of the asked type', () => {
    const both = [template('Hi {{code}}', 'Generic'), template('Hi {{code}}', 'SignIn')];
    expect(recognise('Hi 1234', both, 'MfaVerification').template).toBe('Generic');
  });
  it('is read from the text, and not from what was asked for, when only one fits', () => {
    const two = [template('Up {{code}}', 'Register'), template('In {{code}}', 'SignIn')];
    expect(recognise('Up 1234', two, 'SignIn').template).toBe('Register');
  });
  it('is none for another text, which still has its code', () => {
    expect(recognise('Ihr Kode lautet 482913.', twins)).toEqual({
      template: null,
      templates: [],
      code: '482913',
      written: '482913',
    });
  });
});

describe('the code of a message', () => {
  it.each([
    ['Your code is {{code}}.', 'Your code is 482913.', '482913'],
    ['Your code is {{code}}.', 'Your code is 482 913.', '482913'],
    ['Your code is {{code}}.', 'Your code is 482-913.', '482913'],
    ['Your code is {{code}}.', 'Your code is 48 29 13.', '482913'],
    ['Your code is {{code}}.', 'Your code is 482.', '482'],
    ['Your code is {{code}}.', 'Your code is 1.', '1'],
    ['Your code is {{code}}.', 'Your code is 123456789012.', '123456789012'],
    ['Your code is {{code}}.', 'Your code is a1B2c3.', 'a1B2c3'],
    ['Your code is {{code}}.', 'Your code is ABCD-EFGH.', 'ABCDEFGH'],
    ['{{code}} {{minutes}} min', '482 913 10 min', '482913'],
    ['{{code}} {{minutes}} min', '482913 10 min', '482913'],
    ['{{app}}: {{code}}, again {{code}}', 'Bank 24: 482913, again 482913', '482913'],
    ['In 2026: {{ code }}', 'In 2026: 482913', '482913'],
    ['$1 (.*) {{code}}', '$1 (.*) 4829', '4829'],
  ])('%j finds it in %j', (content, body, code) => {
    const found = recognise(body, [template(content)]);
    expect(found).toMatchObject({ code, template: 'SignIn' });
    expect(body).toContain(found.written);
  });
  it.each([
    ['Kode 482913', '482913'],
    ['In 2026 your code is 482-913', '482913'],
    ['In 2026 your code is 482 913', '482913'],
    ['Code 4829', '4829'],
    ['Call +1 202 555 0142', '0142'],
    ['hello', null],
  ])('is looked for without a template: %j', (body, code) => {
    expect(recognise(body, []).code).toBe(code);
  });
  it('is found in no time, whatever the text', () => {
    const body = '1-'.repeat(800);
    const begun = performance.now();
    recognise(body, [template('{{a}} {{b}} {{code}} {{c}}!')]);
    recognise('12 '.repeat(100_000), [template('{{code}} x')]);
    expect(performance.now() - begun).toBeLessThan(500);
  });
});
