import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Mocks, startMocks } from '../../mocks/index.ts';
import type { LabDescription } from '../lab/lab-description.ts';
import { silentBefore, troubleOfTenant } from './live-trouble.ts';

let mocks: Mocks;
beforeAll(async () => {
  mocks = await startMocks();
});
afterAll(() => mocks.close());

const failed = (message: string) => ({ status: 'failed' as const, annotations: [], errors: [{ message }] });
const lab = (issuer: string) => ({ issuer }) as LabDescription;
const misdeed = failed('ConformanceFailure: Ended the sign-in without a session.');

it('a misdeed while the tenant answers is the app’s', async () => {
  expect(await troubleOfTenant(misdeed, lab(mocks.issuer.issuer))).toBeUndefined();
});

it('a misdeed while the tenant does not answer says nothing', async () => {
  expect(await troubleOfTenant(misdeed, lab('http://127.0.0.1:9/oidc'))).toMatchObject({
    verdict: 'blocked',
  });
});

it.each([
  [
    'CONF_ISSUER_SILENT: POST http://x/api/experience of the tenant broke the connection',
    'blocked',
    'does not answer',
  ],
  ['Blocked: At the tenant it was refused: 429', 'blocked', 'At the tenant it was refused: 429'],
  // It came from the control server, which signs people in before a check.
  ['Error: Blocked: Logto sends no more codes', 'blocked', 'Logto sends no more codes'],
  [
    'Error: this lab is not able to: clock: the clock of a real Logto is not moved',
    'not applicable',
    'the clock of a real Logto is not moved',
  ],
])('%s is %s', async (message, verdict, reason) => {
  const trouble = await troubleOfTenant(failed(message), lab(mocks.issuer.issuer));
  expect(trouble).toMatchObject({ verdict, reason: expect.stringContaining(reason) });
});

it('what is decided already stays', async () => {
  const decided = { ...misdeed, annotations: [{ type: 'verdict', description: 'blocked' }] };
  expect(await troubleOfTenant(decided, lab('http://127.0.0.1:9/oidc'))).toBeUndefined();
});

it('after three silences in a row it is asked once a minute; a tenant that answers again is asked again', async () => {
  const silent = lab('http://127.0.0.1:9/oidc');
  const there = lab(mocks.issuer.issuer);
  await troubleOfTenant(misdeed, there);
  expect(await silentBefore(silent)).toBeUndefined();
  await troubleOfTenant(misdeed, silent);
  expect(await silentBefore(there)).toBeUndefined();
  await troubleOfTenant(misdeed, silent);
  expect(await silentBefore(silent)).toContain('does not answer');
  expect(await silentBefore(silent)).toContain('does not answer');
  expect(await silentBefore(there)).toContain('asked once a minute');
});
