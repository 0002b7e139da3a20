import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpAgent } from './http.ts';

it('cookies grow older, and are gone when their time is over', async () => {
  const agent = createHttpAgent({ laneOf: () => 'app' });
  const app = 'http://localhost:3000';
  const soon = new Date(Date.now() + 900_000).toUTCString();
  for (const line of ['minute=1; Max-Age=60', `quarter=1; Expires=${soon}`, 'visit=1'])
    await agent.jar.setCookie(`${line}; Path=/`, app);
  const held = async () => (await agent.cookies(app)).map(({ key }) => key).sort();
  await agent.age(30);
  expect(await held()).toEqual(['minute', 'quarter', 'visit']);
  await agent.age(31);
  expect(await held()).toEqual(['quarter', 'visit']);
  await agent.age(900);
  expect(await held()).toEqual(['visit']);
});

it('an address that is spelled in its own way is recorded as it went over the wire', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const agent = createHttpAgent({ laneOf: () => 'app' });
  await agent.hop(origin, { rawPath: '//API/%6de?x=1' });
  server.close();
  expect(asked).toEqual(['//API/%6de?x=1']);
  expect(agent.exchanges.map(({ url }) => url)).toEqual([`${origin}//API/%6de?x=1`]);
});

it('a stream of events is read as far as it goes by itself', async () => {
  let left = () => {};
  const gone = new Promise<void>((resolve) => {
    left = resolve;
  });
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.write('data: {"order":4711}\n\n');
    response.on('close', () => left());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const agent = createHttpAgent({ laneOf: () => 'app' });
  const { status, text } = await agent.hop(`http://127.0.0.1:${(server.address() as AddressInfo).port}/live`);
  expect([status, text]).toEqual([200, 'data: {"order":4711}\n\n']);
  await gone;
  server.close();
});

describe('an app that wants another spelling of its addresses', () => {
  const asked: string[] = [];
  let server: Server;
  let origin: string;
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      asked.push(`${request.method} ${request.url} ${body}`);
      const [path = '', query = ''] = (request.url ?? '').split('?');
      const send = (status: number, location: string) => response.writeHead(status, { location }).end();
      if (path === '/loop') return send(308, '/loop/');
      if (path === '/loop/') return send(308, '/loop');
      if (path === '/away') return send(308, 'http://elsewhere.example/away/');
      if (path === '/other') return send(308, '/another/');
      if (path === '/moved') return send(301, '/moved/');
      if (!path.endsWith('/')) return send(308, `${path}/${query && `?${query}`}`);
      response.end('there');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it.each([
    [
      'keeps method and body',
      '/form',
      { method: 'POST', form: { a: '1' } },
      200,
      ['POST /form a=1', 'POST /form/ a=1'],
    ],
    ['keeps the query', '/page?x=1', {}, 200, ['GET /page?x=1 ', 'GET /page/?x=1 ']],
    ['goes on once', '/loop', {}, 308, ['GET /loop ', 'GET /loop/ ']],
    ['goes to no other site', '/away', {}, 308, ['GET /away ']],
    ['goes to no other page', '/other', {}, 308, ['GET /other ']],
    ['takes a 301 for what it is', '/moved', { method: 'POST', form: { a: '1' } }, 301, ['POST /moved a=1']],
    ['leaves a raw path alone', '/', { rawPath: '/raw' }, 308, ['GET /raw ']],
  ])('%s', async (_what, path, options, status, expected) => {
    asked.length = 0;
    const answer = await createHttpAgent({ laneOf: () => 'app' }).hop(origin + path, options);
    expect([answer.status, asked]).toEqual([status, expected]);
  });
});

describe('an answer that is not read to its end', () => {
  const left: string[] = [];
  let server: Server;
  let origin: string;
  const types: Record<string, Record<string, string>> = {
    '/events': { 'content-type': 'text/event-stream; charset=utf-8' },
    '/lines': { 'content-type': 'application/x-ndjson' },
    '/archive': { 'content-type': 'application/zip' },
    '/export': { 'content-type': 'text/csv', 'content-disposition': 'attachment; filename="all.csv"' },
    '/page': { 'content-type': 'text/html' },
  };
  beforeAll(async () => {
    server = createServer((request, response) => {
      const url = request.url ?? '';
      response.on('close', () => left.push(url));
      response.writeHead(200, types[url]);
      response.write('data: hello Ada\n\n');
      if (/events|lines/.test(url)) return;
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1_048_576, 32)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each(['/events', '/lines', '/archive', '/export'])('%s says what it says first', async (path) => {
    const agent = createHttpAgent({ laneOf: () => 'app' });
    const { status, text } = await agent.hop(origin + path);
    expect([status, text.slice(0, 15)]).toEqual([200, 'data: hello Ada']);
    await expect.poll(() => left).toContain(path);
  });
  it('a page without an end is told', async () => {
    const agent = createHttpAgent({ laneOf: () => 'app' });
    await expect(agent.hop(`${origin}/page`)).rejects.toThrow('more than 64 MB');
  });
});
