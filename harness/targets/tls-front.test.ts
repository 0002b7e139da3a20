import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { expect, it } from 'vitest';
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
