import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Mocks, startMocks } from './index.ts';
import { createIssuerChaos } from './occasions.ts';
import { createScopes } from './scope.ts';

const drawn = (seed: string | number, more = {}) => {
  const chaos = createIssuerChaos();
  chaos.set({ seed, percent: 30, ...more });
  return Array.from({ length: 200 }, () => chaos.draw('token')[0]);
};

describe('faults that are met at some occasions only', () => {
  it('the next one alone, unless said otherwise', async () => {
    const scopes = createScopes();
    const { id } = await scopes.open();
    scopes.arm(id, [{ fault: 'token/status-500' }]);
    expect([1, 2, 3].map(() => scopes.armed('token', id))).toEqual([['token/status-500'], [], []]);
  });
  it('the third and the fourth key set, and no token', async () => {
    const scopes = createScopes();
    const { id } = await scopes.open({ willArm: ['jwks/status-500'] });
    scopes.arm(id, [{ fault: 'jwks/status-500', from: 3, times: 2 }, 'token/status-503']);
    const seen = Array.from({ length: 5 }, () => [scopes.armed('token', id), scopes.armed('jwks')]);
    expect(seen.map(([, jwks]) => jwks?.length)).toEqual([0, 0, 1, 1, 0]);
    expect(seen.every(([token]) => token?.[0] === 'token/status-503')).toBe(true);
  });
  it('counts endpoints of the transport apart, and anew when armed anew', async () => {
    const scopes = createScopes();
    const { id } = await scopes.open();
    const arm = () => scopes.arm(id, [{ fault: 'transport/token-reset', from: 2 }]);
    arm();
    expect(scopes.armed('transport/userinfo', id)).toEqual([]);
    expect([1, 2].map(() => scopes.armed('transport/token', id).length)).toEqual([0, 1]);
    arm();
    expect(scopes.armed('transport/token', id)).toEqual([]);
  });
});

describe('chaos of the issuer', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(drawn('a')).toEqual(drawn('a'));
    expect(drawn('a')).not.toEqual(drawn('b'));
    const spoilt = drawn('a').filter(Boolean).length;
    expect(spoilt).toBeGreaterThan(30);
    expect(spoilt).toBeLessThan(90);
  });
  it('does not hang unless told to, and chooses from what it was given', () => {
    expect(drawn('a', { percent: 100 }).filter((name) => /hang$/.test(name ?? ''))).toEqual([]);
    expect(new Set(drawn('a', { percent: 100, faults: ['token/status-429'] }))).toEqual(
      new Set(['token/status-429']),
    );
  });
  it('leaves alone what a check has armed faults for', async () => {
    const scopes = createScopes();
    scopes.chaos.set({ seed: 1, percent: 100 });
    const { id } = await scopes.open();
    expect(scopes.armed('token', id)).toHaveLength(1);
    scopes.arm(id, ['userinfo/html']);
    expect(scopes.armed('token', id)).toEqual([]);
  });
});

describe('by the control server', () => {
  let mocks: Mocks;
  beforeAll(async () => {
    mocks = await startMocks();
  });
  afterAll(() => mocks.close());
  const keySet = async () => (await fetch(`${mocks.issuer.issuer}/jwks`)).status;

  it('the second key set alone fails', async () => {
    const { id } = await mocks.client.openScope({ willArm: ['jwks/status-500'] });
    await mocks.client.arm(id, [{ fault: 'jwks/status-500', from: 2 }]);
    expect([await keySet(), await keySet(), await keySet()]).toEqual([200, 500, 200]);
    await mocks.client.closeScope(id);
  });
  it('chaos is replayed, and ends', async () => {
    const replay = async () => {
      await mocks.client.call('PUT', '/issuer/chaos', { seed: 7, percent: 50, faults: ['jwks/status-500'] });
      const seen: number[] = [];
      for (let n = 0; n < 12; n += 1) seen.push(await keySet());
      return seen;
    };
    const once = await replay();
    expect(new Set(once)).toEqual(new Set([200, 500]));
    expect(await replay()).toEqual(once);
    await mocks.client.call('DELETE', '/issuer/chaos');
    expect(await keySet()).toBe(200);
  });
  it('refuses what makes no sense', async () => {
    const { id } = await mocks.client.openScope();
    await expect(mocks.client.arm(id, [{ fault: 'token/empty', from: 0 }])).rejects.toThrow();
    await expect(
      mocks.client.call('PUT', '/issuer/chaos', { seed: 1, percent: 10, faults: ['error/20003'] }),
    ).rejects.toThrow(/no fault of the issuer/);
  });
});
