import { describe, expect, it } from 'vitest';
import type { Fault, FaultContext } from '../../fault.ts';
import { stageOf } from '../../faults.ts';
import { issuerFaults } from './index.ts';

const issuer = 'http://127.0.0.1:4000/oidc';
const context: FaultContext = {
  issuer,
  clientId: 'app',
  redirectUri: 'http://localhost:3000/cb',
  now: 1_800_000_000,
};
const answer = (body: unknown) => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body,
});

/** A healthy value of each stage. */
const healthy: Record<string, unknown> = {
  discovery: answer({
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/me`,
    jwks_uri: `${issuer}/jwks`,
    end_session_endpoint: `${issuer}/session/end`,
    id_token_signing_alg_values_supported: ['ES384'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    authorization_response_iss_parameter_supported: true,
  }),
  jwks: answer({ keys: [{ kty: 'EC', use: 'sig', kid: 'k1', alg: 'ES384', crv: 'P-384', x: 'x', y: 'y' }] }),
  authorization: {
    params: [
      ['code', 'c0de'],
      ['state', 'st4te'],
      ['iss', issuer],
    ],
  },
  token: answer({
    access_token: 'at',
    expires_in: 3600,
    id_token: 'a.b.c',
    refresh_token: 'rt',
    scope: 'openid profile',
    token_type: 'Bearer',
  }),
  'id-token': {
    header: { alg: 'ES384', kid: 'k1' },
    payload: {
      sub: 'u1',
      name: 'Ann',
      username: 'ann',
      email: null,
      email_verified: false,
      phone_number: '12015550100',
      phone_number_verified: true,
      nonce: 'n',
      aud: 'app',
      exp: 1_800_003_600,
      iat: 1_800_000_000,
      iss: issuer,
    },
    signer: 'issuer',
  },
  'logout-token': {
    header: { alg: 'ES384', typ: 'logout+jwt', kid: 'k1' },
    payload: {
      sub: 'u1',
      sid: 's1',
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      jti: 'j',
      aud: 'app',
      exp: 1_800_000_120,
      iat: 1_800_000_000,
      iss: issuer,
    },
    signer: 'issuer',
  },
  userinfo: answer({ sub: 'u1', name: 'Ann' }),
  'end-session': {
    ...answer('<form></form>'),
    headers: { location: 'https://app.example/?state=of-the-sign-out' },
  },
  transport: answer({ access_token: 'at' }),
};

const table = Object.entries(issuerFaults) as unknown as [name: keyof typeof issuerFaults, Fault<object>][];

const frozen = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) frozen(part);
    Object.freeze(value);
  }
  return value;
};

describe('every fault of the issuer', () => {
  it.each(table)('%s belongs to a known stage', (name) => {
    expect(Object.keys(healthy)).toContain(stageOf(name));
    expect(name).toMatch(/^[a-z-]+\/[a-z0-9-]+$/);
  });

  it.each(table)('%s changes a copy, and the same way each time', (name, fault) => {
    const value = frozen(structuredClone(healthy[stageOf(name)])) as object;
    const once = fault.distort(value, context);
    expect(once).not.toEqual(value);
    expect(fault.distort(value, context)).toEqual(once);
  });

  it.each(table)('%s has a title that reads after "the issuer"', (_name, { title }) => {
    expect(title).toMatch(/^[a-z]/);
    expect(title).not.toMatch(/\.$/);
  });
});

it('there are no two faults with one title', () => {
  const titles = table.map(([, { title }]) => title);
  expect(titles.filter((title, at) => titles.indexOf(title) !== at)).toEqual([]);
});

it('covers every stage with at least three faults', () => {
  for (const stage of Object.keys(healthy)) {
    expect(table.filter(([name]) => stageOf(name) === stage).length, stage).toBeGreaterThanOrEqual(3);
  }
});
