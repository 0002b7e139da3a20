import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../mocks/journal.ts';
import { decide, reaches, type Usage, usageOf, usageRows, whyNot } from './usage.ts';

const exchange = (endpoint: string, more: Partial<Exchange> & { grantType?: string } = {}): Exchange => ({
  seq: 1,
  at: '2026-11-25T00:00:00.000Z',
  durationMs: 1,
  scope: 's',
  from: 'app',
  to: 'issuer',
  method: 'POST',
  url: `http://127.0.0.1/oidc/${endpoint}`,
  status: 200,
  request: { headers: {}, body: undefined },
  response: { headers: {}, body: undefined },
  faults: [],
  ...more,
  facts: { endpoint, ...(more.grantType && { grantType: more.grantType }) },
});
const tokens = (members: Record<string, string>) =>
  exchange('token', { response: { headers: {}, body: members } });
const request = (query: string) => new URL(`http://127.0.0.1/oidc/auth?client_id=app&${query}`);
const signedIn = (seen: Usage['seen']): Usage => ({ reached: 'session', seen });

describe('what an app uses', () => {
  it('is read from its authorization request', () => {
    const { seen } = usageOf(
      {
        request: request(
          'state=x&scope=openid+offline_access+urn:logto:scope:organizations&resource=https://api.example',
        ),
        signIn: [],
      },
      'request',
    );
    expect(seen).toEqual({
      state: true,
      nonce: false,
      pkce: false,
      'offline-access': true,
      resource: true,
      organizations: true,
    });
  });

  it('decides about organizations and API resources by the wire alone', () => {
    const usage = signedIn({ organizations: true, resource: false });
    expect(decide('organizations', [], usage)).toEqual({ applies: true, seen: true });
    expect(decide('api-resource', ['api-resource'], usage)).toEqual({ applies: false, seen: false });
    const rows = usageRows(['api-resource'], usage);
    expect(rows.find(({ feature }) => feature === 'api-resource')?.finding?.code).toBe('CONF_CLAIM_UNSEEN');
    expect(rows.filter(({ feature }) => feature === 'organizations')).toHaveLength(1);
  });

  it('is read from the calls of its server', () => {
    const { seen } = usageOf(
      {
        request: request('code_challenge=x'),
        signIn: [tokens({ access_token: '‹access token #000001›' }), exchange('userinfo')],
      },
      'session',
    );
    expect(seen).toMatchObject({ pkce: true, userinfo: true, 'refresh-token': false });
  });

  it('is read from what it does with an expired token, and from its sign-out', () => {
    const { seen } = usageOf(
      {
        request: request(''),
        signIn: [tokens({ refresh_token: '‹refresh token #000002›' })],
        afterExpiry: [exchange('token', { grantType: 'refresh_token' })],
        signOut: [exchange('end-session')],
      },
      'session',
    );
    expect(seen).toMatchObject({ 'refresh-token': true, refresh: true, 'rp-logout': true });
  });

  it('is not known beyond the point where its sign-in ended', () => {
    const usage = usageOf({ request: request('state=x'), signIn: [] }, 'request', 'no code');
    expect(usage.seen.userinfo).toBeUndefined();
    expect(reaches(usage, 'request')).toBe(true);
    expect(reaches(usage, 'exchange')).toBe(false);
  });
});

describe('a check applies', () => {
  it('to an app that was seen to send state, though it claims nothing', () =>
    expect(decide('state', [], signedIn({ state: true })).applies).toBe(true));
  it('not to an app that claims state and sends none', () => {
    expect(decide('state', ['state'], signedIn({ state: false })).applies).toBe(false);
    expect(whyNot('state', ['state'], signedIn({ state: false }))).toContain('not seen');
  });
  it('by the claim where the smoke sign-in ended too early', () =>
    expect(decide('userinfo', ['userinfo'], { reached: 'request', seen: { state: false } })).toMatchObject({
      applies: true,
      note: expect.stringContaining('the claim decides'),
    }));
  it('by the claim where no exchange shows it', () => {
    expect(decide('database-session', ['database-session'], signedIn({})).applies).toBe(true);
    expect(decide('backchannel-logout', [], signedIn({})).applies).toBe(false);
  });
  it('to an app that was seen to refresh, or gets a refresh token and claims to', () => {
    expect(decide('refresh-token', [], signedIn({ 'refresh-token': true, refresh: true })).applies).toBe(
      true,
    );
    expect(decide('refresh-token', [], signedIn({ 'refresh-token': true, refresh: false })).applies).toBe(
      false,
    );
    expect(
      decide('refresh-token', ['refresh-token'], signedIn({ 'refresh-token': true, refresh: false })).applies,
    ).toBe(true);
    expect(decide('refresh-token', ['refresh-token'], signedIn({ 'refresh-token': false })).applies).toBe(
      false,
    );
  });
});

describe('the table seen, claimed, judged', () => {
  const codes = (rows: ReturnType<typeof usageRows>) =>
    Object.fromEntries(rows.flatMap(({ feature, finding }) => (finding ? [[feature, finding.code]] : [])));

  it('tells claims that the wire does not bear out', () =>
    expect(
      codes(usageRows(['state', 'refresh-token'], signedIn({ state: false, 'refresh-token': false }))),
    ).toEqual({ state: 'CONF_CLAIM_UNSEEN', 'refresh-token': 'CONF_CLAIM_UNSEEN' }));
  it('tells a use whose duty hangs on a claim that nobody made', () =>
    expect(codes(usageRows([], signedIn({ 'refresh-token': true, refresh: false, state: true })))).toEqual({
      'refresh-token': 'CONF_USE_UNCLAIMED',
    }));
  it('says that nothing was seen when there was no smoke sign-in', () => {
    const state = usageRows(['state'], undefined).find(({ feature }) => feature === 'state');
    expect(state).toMatchObject({ seen: 'unknown', claimed: 'yes', judged: true });
  });
});
