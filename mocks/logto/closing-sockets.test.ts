/** Connections of connectors are made up by msw; nothing of them may stay when their agent has let them go. */
import { createHook } from 'node:async_hooks';
import https from 'node:https';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Mocks, startMocks } from '../index.ts';

let mocks: Mocks;
/** Handles of connections that were made and not closed. */
const open = new Map<number, object>();
const hook = createHook({
  init(id, type, _trigger, resource) {
    if (type === 'TCPWRAP') open.set(id, resource);
  },
  destroy: (id) => void open.delete(id),
});
beforeAll(async () => {
  mocks = await startMocks();
});
afterAll(async () => {
  hook.disable();
  await mocks.close();
});

it('a connection that is not used any more leaves no handle behind', async () => {
  hook.enable();
  const { id: scope } = await mocks.client.openScope();
  await Promise.all(
    Array.from({ length: 4 }, (_, at) => mocks.client.testConnector(scope, `+1201555010${at}`)),
  );
  const kept = Object.values(https.globalAgent.freeSockets).flatMap((sockets) => sockets ?? []);
  const below = new Set(
    kept.map((socket) => (socket as unknown as { _handle: { _parent: object } })._handle._parent),
  );
  const left = () => [...open.values()].filter((handle) => below.has(handle)).length;
  expect(left()).toBeGreaterThan(0);
  // As the agent does after five seconds.
  for (const socket of kept) socket.destroy();
  await expect.poll(left, { timeout: 20_000 }).toBe(0);
}, 40_000);
