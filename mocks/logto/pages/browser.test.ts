import { createServer } from 'node:http';
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noChromium, startChromium } from '../../../fixtures/chromium.ts';
import { forWantOf } from '../../../fixtures/for-want-of.ts';
import { LAB_CLIENT, type LogtoLab, startLogtoLab } from '../logto-lab.ts';

describe('in Chromium', forWantOf(noChromium), () => {
  let engine: Browser;
  let lab: LogtoLab;
  let callback: string;
  /** The app that people come back to. */
  const app = createServer((_request, response) => response.end('<h1>app</h1>'));
  beforeAll(async () => {
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    callback = `http://127.0.0.1:${(app.address() as { port: number }).port}/callback`;
    lab = await startLogtoLab({
      applications: [{ ...LAB_CLIENT, redirectUris: [callback] }],
      users: [{ id: 'known0000001', primaryPhone: '14155550101' }],
    });
    engine = await startChromium();
  }, 30_000);
  afterAll(async () => {
    await engine?.close();
    await lab.close();
    app.closeAllConnections();
    await new Promise((resolve) => app.close(resolve));
  });

  const visit = async (): Promise<Page> => {
    const page = await engine.newPage();
    const params = {
      client_id: LAB_CLIENT.id,
      redirect_uri: callback,
      response_type: 'code',
      scope: 'openid phone',
      prompt: 'consent',
      state: 'x',
    };
    await page.goto(`${lab.mock.origin}/oidc/auth?${new URLSearchParams(params)}`);
    return page;
  };

  it('six boxes take a code digit by digit and send it by themselves, under the content security policy', async () => {
    const phone = '14155550290';
    const page = await visit();
    const refused: string[] = [];
    page.on(
      'console',
      (message) => message.text().includes('Content Security Policy') && refused.push(message.text()),
    );
    await page.fill('input[name=identifier]', `+${phone}`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('[name=passcode_0]').waitFor();
    expect(await page.locator('[name=passcode_0]').evaluate((box) => box === document.activeElement)).toBe(
      true,
    );
    await page.keyboard.type(lab.codeFor(phone));
    await page.getByRole('dialog').getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(`${callback}?code=*`);
    expect(refused).toEqual([]);
    await page.close();
  }, 30_000);

  it('a pasted code fills all boxes, and another message can be had only after a while', async () => {
    const page = await visit();
    await page.fill('input[name=identifier]', '+14155550101');
    await page.keyboard.press('Enter');
    await page.locator('[name=passcode_0]').waitFor();
    expect(await page.getByRole('button', { name: 'Resend verification code' }).isVisible()).toBe(false);
    expect(await page.getByText(/Resend after \d+ seconds/).isVisible()).toBe(true);
    await page.locator('[name=passcode_0]').evaluate((box, code) => {
      const data = new DataTransfer();
      data.setData('text', ` ${code.slice(0, 3)}-${code.slice(3)} `);
      box.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      );
    }, lab.codeFor('14155550101'));
    await page.waitForURL(`${callback}?code=*`);
    await page.close();
  }, 30_000);
});
