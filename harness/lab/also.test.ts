import { describe, expect, it } from 'vitest';
import { type LoadedConfig, readConfig } from '../config/load-config.ts';
import { readAlso, withTenantOf } from './also.ts';

const FOLDER = import.meta.dirname;
type Tree = Record<string, unknown>;
const first = (also: Tree | string | undefined, target: Tree = {}, more: Tree = {}): LoadedConfig =>
  readConfig(
    { target: { command: 'node a.js', ...target }, ...more, ...(also !== undefined && { also }) },
    FOLDER,
  );
const other = (target: Tree = {}): Tree => ({ target: { command: 'node b.js', ...target } });
const codeOf = async (loaded: LoadedConfig) =>
  readAlso(loaded).then(
    () => 'no error',
    (error) => error.parts?.code,
  );

describe('the second app', () => {
  it('is none where none is named', async () => {
    expect(await readAlso(first(undefined))).toBeUndefined();
  });

  it('gets a client id of its own where neither config names one', async () => {
    const also = await readAlso(first(other()));
    expect(also?.config.target.clientId).toBe('conformance-also');
  });

  it('keeps the client id that its config names', async () => {
    const also = await readAlso(first(other({ clientId: 'shop' })));
    expect(also?.config.target.clientId).toBe('shop');
  });

  it.each([
    ['the same client id', first(other({ clientId: 'one' }), { clientId: 'one' }), 'CONF_ALSO_CLIENT'],
    ['the default client id, named', first(other({ clientId: 'conformance-app' })), 'CONF_ALSO_CLIENT'],
    [
      'its own default taken by the first',
      first(other({ clientId: 'conformance-also' }), { clientId: 'conformance-also' }),
      'CONF_ALSO_CLIENT',
    ],
    [
      'the same address',
      first(
        { target: { url: 'http://localhost:3000' } },
        { command: undefined, url: 'http://localhost:3000' },
      ),
      'CONF_ALSO_ORIGIN',
    ],
    ['the same port', first(other({ port: 4000 }), { port: 4000 }), 'CONF_ALSO_ORIGIN'],
    ['another issuer', first(other({ issuer: 'https://abc.logto.app/oidc' })), 'CONF_ALSO_ISSUER'],
    [
      'a real issuer',
      first(other(), {}, { live: { issuer: 'https://abc.logto.app/oidc' } }),
      'CONF_ALSO_LIVE',
    ],
    ['a config with a wrong key', first({ target: { comand: 'x' } }), 'CONF_CONFIG_INVALID'],
    ['a config without an app', first({ target: {} }), 'CONF_TARGET_MISSING'],
    ['a file that is not there', first('./nothing.config.ts'), 'CONF_CONFIG_MISSING'],
  ])('is refused with %s', async (_what, loaded, code) => {
    expect(await codeOf(loaded)).toBe(code);
  });

  it('may have the port of the first where both take a free one', async () => {
    expect(await codeOf(first(other()))).toBe('no error');
  });
});

describe('the tenant of two apps', () => {
  const [one, other] = ['https://one.test', 'https://other.test'];
  const tenantOf = (first?: Tree, second?: Tree) =>
    withTenantOf(
      readConfig({ ...plainApp(), ...(first && { tenant: first }) }, FOLDER).config,
      readConfig({ ...plainApp(), ...(second && { tenant: second }) }, FOLDER).config,
    ).tenant;
  const plainApp = (): Tree => ({ target: { command: 'node a.js' } });

  it('is that of the one that has any', () => {
    expect(tenantOf()).toBeUndefined();
    expect(tenantOf(undefined, { resources: [{ indicator: one }] })?.resources).toEqual([
      { indicator: one, scopes: [] },
    ]);
  });

  it('holds what either needs', () => {
    const tenant = tenantOf(
      { resources: [{ indicator: one, scopes: ['a'] }], roles: { r: { [one]: ['a'] } } },
      {
        resources: [
          { indicator: one, scopes: ['a', 'b'] },
          { indicator: other, scopes: ['c'] },
        ],
        organizationRoles: { owner: {} },
      },
    );
    expect(tenant?.resources).toEqual([
      { indicator: one, scopes: ['a', 'b'] },
      { indicator: other, scopes: ['c'] },
    ]);
    expect(Object.keys(tenant?.roles ?? {})).toEqual(['r']);
    expect(Object.keys(tenant?.organizationRoles ?? {})).toEqual(['owner']);
  });
});
