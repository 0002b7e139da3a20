import { afterEach, expect, it, vi } from 'vitest';
import { carrierOf, type SmsConnector } from './connector.ts';

const connector = (sendMessage: SmsConnector['sendMessage']): SmsConnector => ({
  type: 'Sms',
  metadata: { id: 'x', target: 'x', name: {} },
  configGuard: { safeParse: () => ({ success: true }) },
  sendMessage,
});
afterEach(() => vi.useRealTimers());

it('names the carrier that a connector asks, and lets nothing reach it', async () => {
  const asked = await carrierOf(
    connector(() => fetch('https://carrier.invalid/messages', { method: 'POST', body: 'x' })),
    {},
  );
  expect(asked?.href).toBe('https://carrier.invalid/messages');
});

it('does not wait for ever for a connector that asks nobody', async () => {
  vi.useFakeTimers();
  const asked = carrierOf(
    connector(() => new Promise(() => {})),
    {},
  );
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await asked).toBeUndefined();
});
