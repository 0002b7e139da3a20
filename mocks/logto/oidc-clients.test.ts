import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInByPhone, signOut } from './lab-sign-in.ts';
import { type LogtoLab, startLogtoLab } from './logto-lab.ts';

const SECRET = 'an-application-secret-of-32-char';
const REDIRECT_URI = 'http://localhost:3999/callback';
const HOME = 'http://localhost:3999/';
const insecure = { [oauth.allowInsecureRequests]: true };

let lab: LogtoLab;
beforeAll(async () => {
  lab = await startLogtoLab();
  await lab.mock.putApplication({
    id: 'web',
    secret: SECRET,
    redirectUris: [REDIRECT_URI],
    postLogoutRedirectUris: [HOME],
  });
  await lab.mock.putApplication({ id: 'spa', type: 'SPA', redirectUris: [REDIRECT_URI] });
  await lab.mock.putApplication({
    id: 'machine',
    type: 'MachineToMachine',
    secret: SECRET,
    roles: ['Logto Management API access'],
  });
});
afterAll(() => lab.close());

const discover = () =>
  client.discovery(new URL(lab.mock.issuer), 'web', SECRET, undefined, {
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
  });

describe('openid-client', () => {
  it('signs in, reads userinfo, refreshes and logs out', async () => {
    const config = await discover();
    const verifier = client.randomPKCECodeVerifier();
    const [state, nonce] = [client.randomState(), client.randomNonce()];
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT_URI,
      scope: 'openid profile phone offline_access',
      prompt: 'consent',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    const browser = lab.browser();
    const callback = await signInByPhone(lab, browser, url.href, '12025550101');
    const tokens = await client.authorizationCodeGrant(config, callback, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    expect(claims).toMatchObject({ name: null, phone_number: '12025550101', phone_number_verified: true });

    const person = await client.fetchUserInfo(config, tokens.access_token, claims?.sub ?? '');
    expect(person.phone_number).toBe('12025550101');

    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(refreshed.claims()?.sub).toBe(claims?.sub);
    expect(refreshed.access_token).not.toBe(tokens.access_token);

    const end = client.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: HOME,
      state: 'bye',
    });
    expect((await signOut(browser, end.href)).location).toBe(`${HOME}?state=bye`);
    const silent = await browser.call('GET', `${url.href.replace('prompt=consent', 'prompt=none')}`);
    expect(new URL(silent.location ?? '').searchParams.get('error')).toBe('login_required');
  });

  it('sends its request by PAR', async () => {
    const config = await discover();
    const verifier = client.randomPKCECodeVerifier();
    const url = await client.buildAuthorizationUrlWithPAR(config, {
      redirect_uri: REDIRECT_URI,
      scope: 'openid phone',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const callback = await signInByPhone(lab, lab.browser(), url.href, '12025550102');
    const tokens = await client.authorizationCodeGrant(config, callback, { pkceCodeVerifier: verifier });
    expect(tokens.claims()?.phone_number).toBe('12025550102');
  });

  it('introspects and revokes a token', async () => {
    const config = await discover();
    const url = client.buildAuthorizationUrl(config, { redirect_uri: REDIRECT_URI, scope: 'openid' });
    const callback = await signInByPhone(lab, lab.browser(), url.href, '12025550103');
    const { access_token } = await client.authorizationCodeGrant(config, callback);
    expect((await client.tokenIntrospection(config, access_token)).active).toBe(true);
    await client.tokenRevocation(config, access_token);
    expect((await client.tokenIntrospection(config, access_token)).active).toBe(false);
  });

  it('signs in with the RSA key after a rotation, and the older key stays listed', async () => {
    const rotated = await startLogtoLab();
    await rotated.mock.putApplication({ id: 'web', secret: SECRET, redirectUris: [REDIRECT_URI] });
    await rotated.mock.context.rotateSigningKey('RSA');
    const config = await client.discovery(
      new URL(rotated.mock.issuer),
      'web',
      { client_secret: SECRET, id_token_signed_response_alg: 'RS256' },
      undefined,
      { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] },
    );
    const url = client.buildAuthorizationUrl(config, { redirect_uri: REDIRECT_URI, scope: 'openid' });
    const callback = await signInByPhone(rotated, rotated.browser(), url.href, '12025550104');
    const { id_token } = await client.authorizationCodeGrant(config, callback);
    expect(JSON.parse(atob(String(id_token).split('.')[0] ?? '')).alg).toBe('RS256');
    const jwks = (await (await fetch(`${rotated.mock.issuer}/jwks`)).json()) as { keys: { kty: string }[] };
    expect(jwks.keys.map(({ kty }) => kty)).toEqual(['RSA', 'EC']);
    await rotated.close();
  });
});

describe('oauth4webapi', () => {
  const server = async () => {
    const issuer = new URL(lab.mock.issuer);
    return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
  };

  it('signs a public client in, rotates its refresh token, and is refused the old one later', async () => {
    const [as, spa] = [await server(), { client_id: 'spa' }];
    const verifier = oauth.generateRandomCodeVerifier();
    const url = new URL(as.authorization_endpoint ?? '');
    url.search = new URLSearchParams({
      client_id: 'spa',
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      scope: 'openid phone offline_access',
      prompt: 'consent',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).toString();
    const callback = await signInByPhone(lab, lab.browser(), url.href, '12025550105');
    const params = oauth.validateAuthResponse(as, spa, callback, oauth.expectNoState);
    const answer = await oauth.authorizationCodeGrantRequest(
      as,
      spa,
      oauth.None(),
      params,
      REDIRECT_URI,
      verifier,
      insecure,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(as, spa, answer, { requireIdToken: true });
    await oauth.validateApplicationLevelSignature(as, answer, insecure);

    const refresh = async (token: string) => {
      const response = await oauth.refreshTokenGrantRequest(as, spa, oauth.None(), token, insecure);
      return oauth.processRefreshTokenResponse(as, spa, response);
    };
    const first = String(tokens.refresh_token);
    const second = await refresh(first);
    expect(second.refresh_token).not.toBe(first);
    expect((await refresh(first)).refresh_token).toBeDefined();
    lab.clock.advance(4);
    await expect(refresh(first)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(refresh(String(second.refresh_token))).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('gets a machine a JWT access token for the Management API', async () => {
    const [as, machine] = [await server(), { client_id: 'machine' }];
    const answer = await oauth.clientCredentialsGrantRequest(
      as,
      machine,
      oauth.ClientSecretBasic(SECRET),
      new URLSearchParams({ resource: 'https://default.logto.app/api', scope: 'all' }),
      insecure,
    );
    const { access_token, scope, expires_in } = await oauth.processClientCredentialsResponse(
      as,
      machine,
      answer,
    );
    expect([scope, expires_in]).toEqual(['all', 3600]);
    expect(JSON.parse(atob(access_token.split('.')[1] ?? '')).aud).toBe('https://default.logto.app/api');
  });
});
