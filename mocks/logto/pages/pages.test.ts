import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LAB_CLIENT, type LogtoLab, startLogtoLab, type TestBrowser } from '../logto-lab.ts';
import { hashPassword } from '../passwords.ts';
import { servicesOf } from '../services.ts';
import { phoneDigits, readIdentifier } from './identifiers.ts';

let lab: LogtoLab;
const PASSWORD = 'Kj7#violetHarbor';
/** The app that people come back to. */
const app = createServer((_request, response) => response.end('<h1>app</h1>'));
let callback: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  callback = `http://127.0.0.1:${(app.address() as { port: number }).port}/callback`;
  lab = await startLogtoLab({
    applications: [{ ...LAB_CLIENT, redirectUris: [callback] }],
    users: [{ id: 'known0000001', primaryPhone: '14155550101', passwordHash: await hashPassword(PASSWORD) }],
  });
});
afterAll(async () => {
  await lab.close();
  await new Promise((resolve) => app.close(resolve));
});

let number = 200;
const newPhone = () => {
  number += 1;
  return `1415555${String(number).padStart(4, '0')}`;
};

async function open(params?: Record<string, string>): Promise<{ browser: TestBrowser; path: string }> {
  const browser = lab.browser();
  const { location = '' } = await browser.authorize({ redirect_uri: callback, ...params });
  return { browser, path: location };
}

/** Follows redirects on the issuer until one leads to the app. */
async function toTheApp(browser: TestBrowser, location: string | undefined): Promise<string> {
  let next = location ?? '';
  for (let hops = 0; hops < 6 && !next.startsWith(callback); hops += 1)
    next = (await browser.call('GET', next)).location ?? 'nowhere';
  return next;
}

describe('without JavaScript', () => {
  it('a new person signs up from the sign-in page with plain forms', async () => {
    const phone = newPhone();
    const { browser, path } = await open();
    const page = await browser.call('GET', path);
    expect(page.headers.get('cache-control')).toBe('no-cache, no-store, must-revalidate');
    expect(page.text).toMatch(/<input id="identifier" name="identifier" type="tel"/);
    const sent = await browser.post(path, { identifier: `+${phone}` });
    expect([sent.status, sent.location]).toEqual([303, `/sign-in/verification-code?app_id=${LAB_CLIENT.id}`]);
    expect((await browser.call('GET', sent.location as string)).text).toContain('name="code"');
    const asked = await browser.post(sent.location as string, { code: lab.codeFor(phone) });
    expect(asked.text).toContain('Create a new one?');
    const done = await browser.post(`/sign-in/verification-code/switch?app_id=${LAB_CLIENT.id}`, {});
    expect(await toTheApp(browser, done.location)).toContain(`${callback}?code=`);
  });

  it('a wrong code is told in place, and one digit in each of six boxes is a code', async () => {
    const { browser, path } = await open();
    const { location = '' } = await browser.post(path, { identifier: '+14155550101' });
    const wrong = await browser.post(location, {
      code: lab.codeFor('14155550101') === '111111' ? '222222' : '111111',
    });
    expect([wrong.status, wrong.text.includes('Invalid verification code.')]).toEqual([400, true]);
    const digits = lab.codeFor('14155550101').split('');
    const done = await browser.post(
      location,
      Object.fromEntries(digits.map((digit, index) => [`passcode_${index}`, digit])),
    );
    expect(await toTheApp(browser, done.location)).toContain('code=');
  });

  it('the password signs in instead of the code', async () => {
    const { browser, path } = await open();
    await browser.post(path, { identifier: '+14155550101' });
    const page = await browser.call('GET', `/sign-in/password?app_id=${LAB_CLIENT.id}`);
    expect(page.text).toContain('autocomplete="current-password"');
    const wrong = await browser.post('/sign-in/password', { identifier: '+14155550101', password: 'nope' });
    expect(wrong.text).toContain('Incorrect account or password. Please check your input.');
    const done = await browser.post('/sign-in/password', { identifier: '+14155550101', password: PASSWORD });
    expect(await toTheApp(browser, done.location)).toContain('code=');
  });

  it('a forgotten password is changed and leads back to the sign-in page', async () => {
    const { browser } = await open();
    const { location = '' } = await browser.post('/forgot-password', { identifier: '+14155550101' });
    const next = await browser.post(location, { code: lab.codeFor('14155550101') });
    expect(next.location).toMatch(/^\/forgot-password\/reset/);
    const weak = await browser.post('/forgot-password/reset', { newPassword: 'abc' });
    expect([weak.status, weak.text.includes('Minimum length is 8.')]).toEqual([422, true]);
    const apart = await browser.post('/forgot-password/reset', {
      newPassword: 'Zx9!plumQuartz',
      confirmPassword: 'other',
    });
    expect(apart.text).toContain('Your passwords don’t match.');
    const done = await browser.post('/forgot-password/reset', {
      newPassword: 'Zx9!plumQuartz',
      confirmPassword: 'Zx9!plumQuartz',
    });
    expect((await browser.call('GET', done.location as string)).text).toContain('Password changed');
  });

  it('an unreachable carrier is told in words', async () => {
    const { browser, path } = await open();
    lab.carrierAnswers('reset');
    const answer = await browser.post(path, { identifier: `+${newPhone()}` });
    lab.carrierAnswers(undefined);
    expect(answer.text).toContain('Failed to send the verification code. Please try again later.');
  });
});

describe('whoever has no interaction', () => {
  it('goes to the page that says so (recordings 114, 115, 182)', async () => {
    for (const path of ['/sign-in', '/register', '/', '/forgot-password']) {
      const answer = await lab.browser().call('GET', path, undefined, { accept: 'text/html' });
      expect([answer.status, answer.location]).toEqual([302, `${lab.mock.origin}/unknown-session`]);
    }
    expect((await lab.browser().call('GET', '/unknown-session')).text).toContain('Session not found.');
  });
});

describe('other addresses', () => {
  it('are the pages\' own "not found", or a plain 404 under the API', async () => {
    const page = await lab.browser().call('GET', '/nowhere');
    expect([page.status, page.text.includes('404 Not Found')]).toEqual([200, true]);
    for (const path of [
      '/api/nowhere',
      '/oidc/nowhere',
      '/.well-known/openid-configuration',
      '/assets/none.js',
    ]) {
      expect([path, (await lab.browser().call('GET', path)).status]).toEqual([path, 404]);
    }
    expect((await lab.browser().call('GET', '/sign-in/nowhere')).status).toBe(302);
  });
});

describe('what is still missing', () => {
  const own = async (
    signInExperience: object,
    user: object,
    run: (other: LogtoLab, browser: TestBrowser, path: string) => Promise<void>,
  ) => {
    const other = await startLogtoLab({
      applications: [{ ...LAB_CLIENT, redirectUris: [callback] }],
      signInExperience,
      users: [{ id: 'own000000001', username: 'bob', passwordHash: await hashPassword(PASSWORD), ...user }],
    });
    try {
      const browser = other.browser();
      const { location = '' } = await browser.authorize({ redirect_uri: callback });
      await run(other, browser, location);
    } finally {
      await other.close();
    }
  };
  const username = {
    signUp: { identifiers: ['username'], password: true, verify: false },
    signIn: {
      methods: [{ identifier: 'username', password: true, verificationCode: false, isPasswordPrimary: true }],
    },
  };

  it('a password that the tenant asks for is chosen after the code', async () => {
    await own(
      { signUp: { identifiers: ['phone'], password: true, verify: true } },
      {},
      async (other, browser) => {
        const { location = '' } = await browser.post('/register', { identifier: '+14155550177' });
        const next = await browser.post(location, { code: other.codeFor('14155550177') });
        expect(next.location).toMatch(/^\/continue\/password/);
        const done = await browser.post(next.location as string, { newPassword: PASSWORD });
        expect(await toTheApp(browser, done.location)).toContain('code=');
      },
    );
  });

  it('a phone number that every user must have is added while signing in', async () => {
    const settings = {
      ...username,
      signUp: {
        identifiers: ['username'],
        secondaryIdentifiers: [{ identifier: 'phone', verify: true }],
        password: true,
        verify: true,
      },
    };
    await own(settings, {}, async (other, browser, path) => {
      const next = await browser.post(path, { identifier: 'bob', password: PASSWORD });
      expect(next.location).toMatch(/^\/continue\/phone/);
      const sent = await browser.post(next.location as string, { identifier: '+14155550178' });
      expect(sent.location).toMatch(/^\/continue\/verification-code/);
      const done = await browser.post(sent.location as string, { code: other.codeFor('14155550178') });
      expect(await toTheApp(browser, done.location)).toContain('code=');
      expect(other.mock.context.tenant.users.findFirst()?.primaryPhone).toBe('14155550178');
    });
  });

  it('a one-time link registers whoever has the address, once', async () => {
    const settings = { signUp: { identifiers: ['email'], password: false, verify: true } };
    await own(settings, {}, async (other, browser) => {
      const { token } = servicesOf(other.mock.context).oneTimeTokens.create({ email: 'new@example.test' });
      const link = { redirect_uri: callback, one_time_token: token, login_hint: 'new@example.test' };
      const { location = '' } = await browser.authorize(link);
      const next = await browser.call('GET', location);
      expect(next.location).toMatch(/^\/one-time-token\?/);
      const done = await browser.call('GET', next.location as string);
      expect(await toTheApp(browser, done.location)).toContain('code=');
      const again = other.browser();
      const second = await again.authorize(link);
      const refused = await again.call(
        'GET',
        (await again.call('GET', second.location as string)).location as string,
      );
      expect([refused.status, refused.text.includes('Invalid link')]).toEqual([400, true]);
    });
  });

  it('a second factor is asked for by code, or bound first', async () => {
    const mfa = { ...username, mfa: { factors: ['PhoneVerificationCode'], policy: 'Mandatory' } };
    await own(mfa, { primaryPhone: '14155550179' }, async (other, browser, path) => {
      const next = await browser.post(path, { identifier: 'bob', password: PASSWORD });
      expect(next.location).toMatch(/^\/mfa-verification\/PhoneVerificationCode/);
      const asked = await browser.call('GET', next.location as string);
      expect((await browser.call('GET', asked.location as string)).text).toContain('2-step verification');
      const done = await browser.post(next.location as string, { code: other.codeFor('14155550179') });
      expect(await toTheApp(browser, done.location)).toContain('code=');
    });
    await own(mfa, {}, async (other, browser, path) => {
      const next = await browser.post(path, { identifier: 'bob', password: PASSWORD });
      expect(next.location).toMatch(/^\/mfa-binding/);
      expect((await browser.post('/mfa-binding/skip', {})).status).toBe(422);
      const sent = await browser.post(next.location as string, { identifier: '+14155550180' });
      const done = await browser.post(sent.location as string, { code: other.codeFor('14155550180') });
      expect(await toTheApp(browser, done.location)).toContain('code=');
    });
  });
});

describe('hostile input', () => {
  it('comes back as text, never as markup', async () => {
    const { browser, path } = await open();
    const answer = await browser.post(path, { identifier: '"><script>alert(1)</script>' });
    expect(answer.text).not.toContain('<script>alert');
    expect(answer.text).toContain('&quot;&gt;&lt;script&gt;');
  });
});

describe('languages', () => {
  it('follow ui_locales, then the browser', async () => {
    const { browser, path } = await open({ ui_locales: 'fr-CA en' });
    expect((await browser.call('GET', path, undefined, { 'accept-language': 'de' })).text).toContain(
      '<html lang="fr" dir="ltr">',
    );
    const other = await open();
    expect(
      (await other.browser.call('GET', other.path, undefined, { 'accept-language': 'de-AT,en;q=0.5' })).text,
    ).toContain('<html lang="de"');
  });
});

describe('typed identifiers', () => {
  it('are read as people write them', () => {
    expect(phoneDigits('+1 (415) 555-0101', 'DE')).toBe('14155550101');
    expect(phoneDigits('415 555 0101', 'US')).toBe('14155550101');
    expect(phoneDigits('33612345678', 'US')).toBe('33612345678');
    expect(phoneDigits('12', 'US')).toBeUndefined();
    expect(readIdentifier('a@b.co', ['phone', 'email'], 'US')).toEqual({ type: 'email', value: 'a@b.co' });
    expect(readIdentifier('bob', ['phone', 'email'], 'US')).toBeUndefined();
  });
});
