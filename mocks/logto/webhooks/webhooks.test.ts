import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ManagerLab, startManagerLab } from '../lab-manager.ts';
import { signInByPhone } from '../lab-sign-in.ts';
import { delivered, webhooksOf } from './deliveries.ts';

interface Delivery {
  signature: string | undefined;
  raw: string;
  payload: Record<string, unknown>;
}
let lab: ManagerLab;
let endpoint: Server;
let url: string;
let got: Delivery[] = [];
let status = 200;
beforeAll(async () => {
  lab = await startManagerLab();
  endpoint = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const raw = Buffer.concat(parts).toString();
      const signature = request.headers['logto-signature-sha-256'] as string | undefined;
      got.push({ signature, raw, payload: JSON.parse(raw) });
      response.writeHead(status).end('{"heard":true}');
    });
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/hook`;
});
afterAll(async () => {
  await lab.close();
  await new Promise((resolve) => endpoint.close(resolve));
});
beforeEach(() => {
  got = [];
  status = 200;
  webhooksOf(lab.mock.context.tenant).hooks.length = 0;
});

interface Made {
  id: string;
  signingKey: string;
}
const hook = async (events: string[], to = url): Promise<Made> =>
  (await lab.manage('POST', '/hooks', { name: 'h', events, config: { url: to } })).json as never;
const settled = () => delivered(lab.mock.context.tenant);
const logs = async (id: string) =>
  (await lab.manage('GET', `/hooks/${id}/recent-logs`)).json as never as {
    key: string;
    payload: { result: string; error?: string; response?: unknown };
  }[];
const eventsOf = () => got.map(({ payload }) => payload.event);

describe('webhooks', () => {
  it('hear of a registration and of a sign-in, signed with their key', async () => {
    const { id, signingKey } = await hook(['PostRegister', 'PostSignIn', 'User.Created']);
    const query = new URLSearchParams({
      client_id: 'lab0client0000000000a',
      redirect_uri: 'http://localhost:3999/callback',
      response_type: 'code',
      scope: 'openid',
    });
    for (const _ of [1, 2]) await signInByPhone(lab, lab.browser(), `/oidc/auth?${query}`, '13035550177');
    await settled();
    expect(eventsOf().sort()).toEqual(['PostRegister', 'PostSignIn', 'User.Created']);
    for (const { raw, signature } of got)
      expect(createHmac('sha256', signingKey).update(raw).digest('hex')).toBe(signature);
    const signIn = got.find(({ payload }) => payload.event === 'PostSignIn')?.payload;
    expect(signIn).toMatchObject({
      hookId: id,
      interactionEvent: 'SignIn',
      sessionId: expect.any(String),
      userIp: '127.0.0.1',
      user: { primaryPhone: '13035550177' },
      application: { id: 'lab0client0000000000a', type: 'Traditional' },
    });
  });

  it('hear of data that the Management API changed, and of the call', async () => {
    await hook(['User.Data.Updated', 'User.Deleted']);
    const { json: user } = await lab.manage('POST', '/users', { username: 'changed' });
    await lab.manage('PATCH', `/users/${user.id}`, { name: 'New' });
    await lab.manage('PATCH', `/users/${user.id}`, { name: 7 });
    await lab.manage('DELETE', `/users/${user.id}`);
    await settled();
    const [updated, deleted] = got.map(({ payload }) => payload);
    expect(got).toHaveLength(2);
    expect(updated).toMatchObject({
      event: 'User.Data.Updated',
      ip: '127.0.0.1',
      path: `/users/${user.id}`,
      method: 'PATCH',
      status: 200,
      params: { userId: user.id },
      matchedRoute: '/users/:userId',
      data: { id: user.id, name: 'New' },
    });
    expect(deleted).toMatchObject({ event: 'User.Deleted', status: 204, data: { id: user.id } });
  });

  it('hear of a limit although the request was refused', async () => {
    await hook(['Message.RateLimited']);
    const phone = '13035550188';
    for (let time = 0; time < 11; time += 1) await lab.manage('POST', '/verification-codes', { phone });
    await settled();
    expect(got.map(({ payload }) => payload)).toEqual([
      expect.objectContaining({
        event: 'Message.RateLimited',
        recipient: phone,
        action: 'VerificationCodeSend',
      }),
    ]);
  });

  it('are tried once, and the log says what came back', async () => {
    status = 500;
    const { id } = await hook(['Role.Created']);
    await lab.manage('POST', '/roles', { name: 'told', description: 'told' });
    await settled();
    expect(got).toHaveLength(1);
    const [log] = await logs(id);
    expect(log).toMatchObject({
      key: 'TriggerHook.Role.Created',
      payload: { result: 'Error', response: { statusCode: 500, body: { heard: true } } },
    });
    const { json } = await lab.manage('GET', `/hooks/${id}?includeExecutionStats=true`);
    expect(json.executionStats).toEqual({ successCount: 0, requestCount: 1 });
  });

  it('of other machines are never sent', async () => {
    const { id } = await hook(['Role.Created'], 'https://hooks.example.com/x');
    await lab.manage('POST', '/roles', { name: 'untold', description: 'untold' });
    await settled();
    expect((await logs(id))[0]?.payload).toMatchObject({
      result: 'Error',
      error: expect.stringContaining('this machine only'),
    });
  });

  it('are silent while they are disabled, and get another key when asked', async () => {
    const { id, signingKey } = await hook(['Role.Created']);
    await lab.manage('PATCH', `/hooks/${id}`, { enabled: false });
    await lab.manage('POST', '/roles', { name: 'quiet', description: 'quiet' });
    await settled();
    expect(got).toEqual([]);
    const { json } = await lab.manage('PATCH', `/hooks/${id}/signing-key`);
    expect(json.signingKey).not.toBe(signingKey);
  });

  it('are tried with made-up data, and what the endpoint says comes back', async () => {
    const { id } = await hook(['PostSignIn']);
    const test = (to: string) =>
      lab.manage('POST', `/hooks/${id}/test`, {
        events: ['PostSignIn', 'User.Created'],
        config: { url: to },
      });
    expect((await test(url)).status).toBe(204);
    expect(eventsOf().sort()).toEqual(['PostSignIn', 'User.Created']);
    status = 503;
    expect(await test(url)).toMatchObject({
      status: 422,
      json: {
        code: 'hook.endpoint_responded_with_error',
        data: { responseStatus: 503, responseBody: '{"heard":true}' },
      },
    });
    expect((await test('not_work_url')).json.code).toBe('hook.send_test_payload_failed');
  });

  it('need an event and a name of at least one character', async () => {
    const config = { url };
    expect((await lab.manage('POST', '/hooks', { config })).json.code).toBe('hook.missing_events');
    expect((await lab.manage('POST', '/hooks', { name: '', events: ['PostSignIn'], config })).status).toBe(
      400,
    );
    expect((await lab.manage('POST', '/hooks', { events: ['Post'], config })).status).toBe(400);
    expect((await lab.manage('PATCH', '/hooks/nobody', { name: 'x' })).json.code).toBe('entity.not_exists');
  });
});
