import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Mocks, startMocks } from './index.ts';

describe('the mocks together', () => {
  let mocks: Mocks;
  beforeAll(async () => {
    mocks = await startMocks();
  });
  afterAll(() => mocks.close());

  it('the control server refuses names that are not this machine', async () => {
    const { request } = await import('undici');
    const answer = await request(`${mocks.control.origin}/state`, { headers: { host: 'evil.example' } });
    expect(answer.statusCode).toBe(421);
  });

  it('its OpenAPI description names every route of the client', async () => {
    const { paths } = (await (await fetch(`${mocks.control.origin}/openapi.json`)).json()) as {
      paths: Record<string, object>;
    };
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/scopes',
        '/scopes/{id}/faults',
        '/scopes/{id}/clock',
        '/journal',
        '/people',
        '/inbox',
        '/reset',
      ]),
    );
  });

  it('tells what an app needs to send by itself, and takes it', async () => {
    const { twilio, carrierOrigin } = await mocks.client.state();
    const person = await mocks.client.addPerson();
    const answer = await fetch(
      `${carrierOrigin}/v2/Services/${twilio.TWILIO_VERIFY_SERVICE_SID}/Verifications`,
      {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${twilio.TWILIO_ACCOUNT_SID}:${twilio.TWILIO_AUTH_TOKEN}`).toString('base64')}`,
        },
        body: new URLSearchParams({ To: person.phone, Channel: 'sms' }),
      },
    );
    expect(answer.status).toBe(201);
    expect((await mocks.client.waitForMessage(person.phone)).code).toMatch(/^\d{6}$/);
    expect(twilio.TWILIO_MESSAGING_SERVICE_SID).toMatch(/^MG[0-9a-f]{32}$/);
  });

  it('a message that does not come in time is 408', async () => {
    const answer = await fetch(`${mocks.control.origin}/inbox?to=%2B12015550199&waitMs=1`);
    expect(answer.status).toBe(408);
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining('no message reached') });
  });

  it('several routes are asked in one request, each with its own answer', async () => {
    const { client } = mocks;
    const { id } = await client.openScope();
    const [state, inbox, nowhere, journal] = await client.several([
      '/state',
      '/inbox?to=%2B12015550199&waitMs=1',
      '/nowhere',
      `/journal?scope=${id}`,
    ]);
    expect(state).toEqual(await client.state());
    expect((inbox as Error).message).toMatch(/^no message reached \+•+99 within 1 ms/);
    expect(nowhere).toBeInstanceOf(Error);
    expect(journal).toEqual([]);
    for (const path of ['/journal/stream', '//evil.example/', 'state', ''])
      await expect(client.several([path]), path).rejects.toThrow(/path of the control server/);
  });

  it('a number that the carrier refuses is told, and is no trouble of ours', async () => {
    const answer = await fetch(`${mocks.control.origin}/scopes/x/connector-test`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-conformance-token': mocks.control.token },
      body: '{"phone":""}',
    });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      message: expect.stringMatching(/connector did not send.*21211/),
    });
  });

  it('an unknown fault is refused by name', async () => {
    const { id } = await mocks.client.openScope();
    await expect(mocks.client.arm(id, ['id-token/no-such' as never])).rejects.toThrow(
      /there is no fault "id-token\/no-such"/,
    );
  });

  it('a fault of discovery needs an exclusive lease', async () => {
    const { id } = await mocks.client.openScope();
    await expect(mocks.client.arm(id, ['discovery/status-500'])).rejects.toThrow(/exclusive lease/);
    await mocks.client.closeScope(id);
  });

  it('an exclusive lease waits for the shared ones, and shared ones for it', async () => {
    await mocks.client.reset();
    const shared = await mocks.client.openScope();
    const order: string[] = [];
    const exclusive = mocks.client.openScope({ willArm: ['discovery/status-500'] }).then((scope) => {
      order.push('exclusive');
      return scope;
    });
    await mocks.client.state();
    const later = mocks.client.openScope().then((scope) => {
      order.push('shared');
      return scope;
    });
    await mocks.client.state();
    expect(order).toEqual([]);
    await mocks.client.closeScope(shared.id);
    await mocks.client.closeScope((await exclusive).id);
    await later;
    expect(order).toEqual(['exclusive', 'shared']);
  });

  it('a scope knows which one closed with a healthy app before, until there is doubt', async () => {
    await mocks.client.reset();
    const open = (label: string, willArm?: ['discovery/status-500']) =>
      mocks.client.openScope({ label, willArm });
    const first = await open('first');
    expect(first.healthyAfter).toBeUndefined();
    await mocks.client.closeScope(first.id, 'shown');
    const second = await open('second');
    expect(second.healthyAfter).toBe('first');
    await mocks.client.closeScope(second.id, 'kept');
    const third = await open('third');
    expect(third.healthyAfter).toBe('first');
    await mocks.client.closeScope(third.id);
    expect((await open('fourth')).healthyAfter).toBeUndefined();
    await mocks.client.reset();

    // What came first says nothing where somebody else had doubts meanwhile.
    const early = await open('early');
    await mocks.client.closeScope(early.id, 'shown before');
    const long = await open('long');
    expect(long.healthyAfter).toBe('early');
    await mocks.client.closeScope((await open('doubtful')).id);
    await mocks.client.closeScope(long.id, 'shown before');
    expect((await open('behind it')).healthyAfter).toBeUndefined();
    await mocks.client.reset();

    const exclusive = await open('exclusive', ['discovery/status-500']);
    await mocks.client.closeScope(exclusive.id, 'shown');
    const next = await open('next', ['discovery/status-500']);
    expect(next.healthyAfter).toBe('exclusive');
    // Whoever had a fault for everybody must show that the app is well again.
    await mocks.client.closeScope(next.id, 'kept');
    expect((await open('last')).healthyAfter).toBeUndefined();
    await mocks.client.reset();
  });

  it('each person has a number of their own', async () => {
    const people = await Promise.all(Array.from({ length: 250 }, () => mocks.client.addPerson()));
    expect(new Set(people.map(({ phone }) => phone)).size).toBe(250);
  });

  it('the code of an e-mail is registered as its reader’s', async () => {
    const { phone } = await mocks.client.addPerson({ registered: true, email: 'Reader@example.test' });
    const { context } = mocks.issuer;
    const connector = await context.connectors.add('@logto/connector-http-email');
    await context.tenant.connectors.create({
      id: 'mails',
      connectorId: connector.metadata.id,
      config: { endpoint: 'https://mail.example.test' },
      createdAt: 0,
    });
    await context.email.send({
      to: 'reader@example.test',
      type: 'SignIn',
      payload: { code: '481516' },
      scope: undefined,
    });
    expect(mocks.journal.issued.since(0).issued).toContainEqual({
      kind: 'one-time code',
      value: '481516',
      owner: phone.slice(1),
      scope: null,
    });
  });

  it('they refuse to start in production', async () => {
    const before = process.env.NODE_ENV;
    process.env.NODE_ENV = 'production';
    await expect(startMocks()).rejects.toThrow(/production/);
    process.env.NODE_ENV = before;
  });
});
