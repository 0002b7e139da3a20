/** Connections of connectors are made up by msw; nothing of them may stay when their agent has let them go. */
import { createHook } from 'node:async_hooks';
import https from 'node:https';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Mocks, startMocks } from '../index.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;
let mocks: Mocks;
/** Handles of TLS connections that were made and not destroyed. */
const open = new Set<number>();
const hook = createHook({
  init(id, type) {
    if (type === 'TLSWRAP') open.add(id);
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
  expect(open.size).toBeGreaterThan(0);
  const kept = () => Object.values(https.globalAgent.freeSockets).flatMap((sockets) => sockets ?? []);
  // As the agent does after five seconds.
  for (const socket of kept()) socket.destroy();
  await expect
    .poll(
      async () => {
        gc();
        await setTimeout(10);
        return open.size;
      },
      { timeout: 10_000 },
    )
    .toBe(0);
}, 30_000);
