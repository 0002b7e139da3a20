import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { Agent, fetch } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import { startTlsFront } from './tls-front.ts';

it('hands a WebSocket on, and ends it when it is closed itself', async () => {
  const server = createServer();
  server.on('upgrade', (request, socket) => {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n${request.headers['x-forwarded-proto']} ${request.url} `,
    );
    socket.once('data', (said) => socket.write(said));
  });
  await once(server.listen(0, 'localhost'), 'listening');
  const front = await startTlsFront(
    'https://localhost',
    `http://localhost:${(server.address() as AddressInfo).port}`,
  );
  const client = connect({
    host: '127.0.0.1',
    port: Number(front.host.split(':')[1]),
    ca: front.certificate,
    servername: 'localhost',
  });
  await once(client, 'secureConnect');
  client.write(
    'GET /live?room=7 HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
  );
  let heard = '';
  client.on('data', (data) => {
    heard += data;
    if (heard.endsWith('https /live?room=7 ')) client.write('hello');
    if (heard.endsWith('hello')) void front.close();
  });
  await once(client, 'close');
  expect(heard).toMatch(/^HTTP\/1\.1 101 [\s\S]*https \/live\?room=7 hello$/);
  server.close();
  server.closeAllConnections();
});

/** A front of an app, asked by somebody who keeps connections open. */
async function frontOf(app: RequestListener) {
  const server = createServer({ maxHeaderSize: 262_144 }, app);
  await once(server.listen(0, 'localhost'), 'listening');
  const front = await startTlsFront(
    'https://localhost',
    `http://localhost:${(server.address() as AddressInfo).port}`,
  );
  const dispatcher = new Agent({
    maxHeaderSize: 1_048_576,
    connect: { ca: front.certificate, servername: 'localhost' },
  });
  onTestFinished(async () => {
    await dispatcher.destroy();
    await front.close();
    server.close();
    server.closeAllConnections();
  });
  return {
    server,
    ask: (path = '/', init: Parameters<typeof fetch>[1] = {}) =>
      fetch(`https://${front.host}${path}`, { ...init, dispatcher }),
  };
}

it('hands on cookies of more than 16 KB, both ways', async () => {
  const { ask } = await frontOf((request, response) => {
    response.setHeader(
      'set-cookie',
      [0, 1, 2, 3, 4, 5, 6, 7].map((n) => `session.${n}=${'x'.repeat(4000)}`),
    );
    response.end(String(request.headers.cookie?.length));
  });
  const answer = await ask('/', { headers: { cookie: `session=${'x'.repeat(40_000)}` } });
  expect(await answer.text()).toBe('40008');
  expect(answer.headers.getSetCookie().join('').length).toBeGreaterThan(32_000);
});

it('tells the app when whoever reads a stream goes away', async () => {
  const { ask, server } = await frontOf((_, response) => void response.write('data: 1\n\n'));
  const closed = new Promise((resolve) =>
    server.once('request', (_, response) => response.once('close', resolve)),
  );
  const controller = new AbortController();
  await ask('/', { signal: controller.signal });
  controller.abort();
  await closed;
});

it('asks on a connection of its own, whatever the app left behind on the last one', async () => {
  const ports: (number | undefined)[] = [];
  const { ask } = await frontOf((request, response) => {
    ports.push(request.socket.remotePort);
    response.end('ok');
  });
  await (await ask()).text();
  await (await ask()).text();
  expect(new Set(ports).size).toBe(2);
});
