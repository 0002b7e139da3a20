import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startCommand, waitUntilReady } from './command.ts';
import { createTargetLog } from './target-log.ts';

/** A server that apps hold a connection to: a closed connection is a process that is gone. */
async function lifeline(count: number) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets: Socket[] = [];
  const there = new Promise<void>((resolve) =>
    server.on('connection', (socket) => {
      socket.on('error', () => undefined).resume();
      if (sockets.push(socket) === count) resolve();
    }),
  );
  const { port } = server.address() as { port: number };
  const app = `node -e "require('net').connect(${port},'127.0.0.1');setInterval(()=>{},1000);process.on('SIGTERM',()=>{})"`;
  return { server, sockets, there, app };
}

it('after kill -9 of the runner, the app and its own children are gone', async () => {
  const { server, sockets, there, app } = await lifeline(2);
  const runner = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `const { startCommand } = await import(${JSON.stringify(path.join(import.meta.dirname, 'command.ts'))});
       const { createTargetLog } = await import(${JSON.stringify(path.join(import.meta.dirname, 'target-log.ts'))});
       startCommand({ command: ${JSON.stringify(`${app} & ${app}`)}, cwd: '.', env: process.env, log: createTargetLog() });`,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  try {
    await there;
    const gone = sockets.map((socket) => once(socket, 'close'));
    runner.kill('SIGKILL');
    await Promise.all(gone);
  } finally {
    runner.kill('SIGKILL');
    server.close();
  }
});

it('an app that takes no SIGTERM is gone after stop, with its children', async () => {
  const { server, sockets, there, app } = await lifeline(2);
  const running = startCommand({
    command: `${app} & ${app}`,
    cwd: '.',
    env: process.env,
    log: createTargetLog(),
  });
  await there;
  const gone = sockets.map((socket) => once(socket, 'close'));
  await running.stop();
  await Promise.all(gone);
  server.close();
});

it('an app that ends before it answers is told with its last lines', async () => {
  const log = createTargetLog();
  const command = `node -e "console.error('no database'); process.exit(3)"`;
  const running = startCommand({ command, cwd: '.', env: process.env, log });
  await expect(
    waitUntilReady({ url: 'http://127.0.0.1:9', limitSeconds: 20, log, ended: running.ended, command }),
  ).rejects.toThrow(/CONF_TARGET_EXITED[\s\S]*ended with 3[\s\S]*no database/);
  await running.stop();
});

it('the reason for no answer is the last one that says something, not that the time was over', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    if (connections === 1) socket.end('no HTTP');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await expect(waitUntilReady({ url: `http://127.0.0.1:${port}`, limitSeconds: 0.3 })).rejects.toThrow(
    /did not answer within 0\.3 s \(HTTPParserError/,
  );
  server.close();
});
