/** What apps get wrong with WebSockets, each beside the habit that it resembles: made after apps of strangers. */
import { afterAll, describe, expect, it } from 'vitest';
import { passed, removeVariants, told, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const SOCKETS = 'doors/sockets';
const ELSEWHERE = 'doors/sockets-of-other-sites';

/** An app with WebSockets: what its page for members runs, and who is told what. */
const withSockets = (
  script: string,
  answer: string,
) => `  const { createRequire } = process.getBuiltinModule('module');
  const { WebSocketServer } = createRequire(${JSON.stringify(import.meta.url)})('ws');
  const wss = new WebSocketServer({ noServer: true });
  const tickets = new Map();
  const people = new Map();
  app.get('/protected', async (req, res) => {
    const user = (await readSession(req, config, res))?.user;
    if (!user) return res.redirect('/auth/signin');
    const key = user.email ?? user.name ?? 'somebody';
    people.set(key, user);
    const ticket = [...key].map((c) => c.charCodeAt(0).toString(16)).join('');
    tickets.set(ticket, user);
    res.send('<!doctype html><h1>Yours</h1><script>const at = (path) => location.origin.replace("http", "ws") + path;' + ${script} + '</script>');
  });
  const { listen } = app;
  app.listen = (...where) => {
    const server = listen.apply(app, where);
    server.on('upgrade', async (req, tcp, head) => {
      const url = new URL(req.url, 'http://' + req.headers.host);
      const { origin, host } = req.headers;
      const user = (await readSession(Object.assign(req, { protocol: 'http', get: (name) => req.headers[name.toLowerCase()] }), config))?.user;
      const refuse = () => tcp.end('HTTP/1.1 401 Unauthorized\\r\\n\\r\\n');
      const open = (tell) => wss.handleUpgrade(req, tcp, head, tell);
      ${answer}
    });
    return server;
  };`;

const judged = async (ids: string[], script: string, answer: string, pages = {}) =>
  told(ids, await verdictsOn(ids, { first: withSockets(script, answer), pages, more: { workers: 1 } }));

describe('what everybody is told', { timeout: 240_000 }, () => {
  const script = '\'new WebSocket(at("/prices"))\'';
  const answer = `let price = 64000;
      return open((ws) => ws.send(JSON.stringify({ text: 'One costs ' + (price += Math.round(Math.random() * 9)) + ' today' })));`;
  it('is not judged while nobody says whether it is meant', async () => {
    const verdicts = await judged([SOCKETS, ELSEWHERE], script, answer);
    expect(verdicts[SOCKETS]).toMatch(/^not judged: .*\/prices.*pages\.sockets/);
    expect(verdicts[ELSEWHERE]).toBe('pass');
  });
  it('is meant where no WebSocket needs a session', async () => {
    expect(await judged([SOCKETS], script, answer, { sockets: [] })).toEqual(passed([SOCKETS]));
  });
  it('is not where this one does', async () => {
    const verdicts = await judged([SOCKETS], script, answer, { sockets: ['/prices'] });
    expect(verdicts[SOCKETS]).toMatch(
      /^fail: Told nobody in particular by the WebSocket \/prices "One costs/,
    );
  });
});

describe('a ticket in the address', { timeout: 240_000 }, () => {
  const script = "'new WebSocket(at(\"/inbox?ticket=' + ticket + '\"))'";
  const tell = 'open((ws) => ws.send(JSON.stringify({ inbox: owner.name })))';
  it('is given to one member, and no secret is told by it', async () => {
    const answer = `const owner = tickets.get(url.searchParams.get('ticket')); return owner ? ${tell} : refuse();`;
    expect(await judged([SOCKETS, ELSEWHERE], script, answer)).toEqual(passed([SOCKETS, ELSEWHERE]));
  });
  it('has to be the one that was given', async () => {
    const answer = `const owner = url.searchParams.has('ticket') && [...people.values()].at(-1); return owner ? ${tell} : refuse();`;
    expect((await judged([SOCKETS], script, answer))[SOCKETS]).toMatch(/^fail: Told nobody in particular/);
  });
});

// https://github.com/manavgup/wikimind/issues/340
describe('who is named', { timeout: 240_000 }, () => {
  const script = '\'new WebSocket(at("/live"))\'';
  const mine =
    'return who ? open((ws) => ws.send(JSON.stringify({ letters: 3, name: who.name }))) : refuse();';
  it('in the address is told nothing', async () => {
    expect(await judged([SOCKETS], script, `const who = user; ${mine}`)).toEqual(passed([SOCKETS]));
  });
  it('is not believed', async () => {
    const answer = `const who = user ?? people.get(url.searchParams.get('user')); ${mine}`;
    expect((await judged([SOCKETS], script, answer))[SOCKETS]).toMatch(/the name of a member/);
  });
});

// https://github.com/booklore-app/booklore/pull/940
describe('what pages say by it', { timeout: 240_000 }, () => {
  const script =
    '\'const ws = new WebSocket(at("/live")); ws.onopen = () => ws.send(JSON.stringify({ of: "\' + user.email + \'" }))\'';
  const asked = (who: string) =>
    `return user ? open((ws) => ws.on('message', (said) => ws.send(JSON.stringify({ name: (${who})?.name })))) : refuse();`;
  it('is answered to the member', async () => {
    expect(await judged([SOCKETS], script, asked('user'))).toEqual(passed([SOCKETS]));
  });
  it('shows nothing of the first to another one who says it', async () => {
    const verdicts = await judged([SOCKETS], script, asked('people.get(JSON.parse(said).of)'));
    expect(verdicts[SOCKETS]).toMatch(/^fail: Told another member, who named the first one,/);
  });
});

// https://github.com/airdcpp-web/airdcpp-webclient/issues/542
describe('the origin of a page', { timeout: 240_000 }, () => {
  const script = '\'new WebSocket(at("/live"))\'';
  const when = (isOwn: string) =>
    `return user && (${isOwn}) ? open((ws) => ws.send(JSON.stringify({ name: user.name }))) : refuse();`;
  it('is compared as a whole', async () => {
    expect(await judged([ELSEWHERE], script, when("origin === 'http://' + host"))).toEqual(
      passed([ELSEWHERE]),
    );
  });
  it.each([
    ['by its beginning', "origin.startsWith('http://localhost')", '.evil.example'],
    ['by its end', 'origin.endsWith(host)', 'evil-localhost'],
    ['unless it is null', "origin === 'null' || origin === 'http://' + host", 'null'],
  ])('%s: is another one', async (_how, isOwn, from) => {
    const verdicts = await judged([ELSEWHERE], script, when(isOwn));
    expect(verdicts[ELSEWHERE]).toMatch(/^warn/);
    expect(verdicts[ELSEWHERE]).toContain(from);
  });
});

describe('subscriptions of GraphQL', { timeout: 240_000 }, () => {
  const script = `'const ws = new WebSocket(at("/graphql"), "graphql-transport-ws"); ws.onopen = () => ws.send(JSON.stringify({ type: "connection_init", payload: { token: "' + ticket + '" } })); ws.onmessage = ({ data }) => /ack/.test(data) && ws.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query: "subscription { me }" } }))'`;
  const server = (
    known: string,
  ) => `if (!/graphql-transport-ws/.test(req.headers['sec-websocket-protocol'])) return refuse();
      return open((ws) => ws.on('message', (raw) => {
        const said = JSON.parse(raw);
        if (said.type === 'connection_init') { ws.known = ${known}; return ws.known ? ws.send('{"type":"connection_ack"}') : ws.close(4403, 'Forbidden'); }
        ws.send(JSON.stringify({ id: said.id, type: 'next', payload: { data: { me: ws.known?.name } } }));
      }));`;
  it('know whose token it is', async () => {
    expect(await judged([SOCKETS], script, server('tickets.get(said.payload?.token)'))).toEqual(
      passed([SOCKETS]),
    );
  });
  it('do not take any token', async () => {
    const any = 'said.payload?.token && (tickets.get(said.payload.token) ?? [...people.values()].at(-1))';
    expect((await judged([SOCKETS], script, server(any)))[SOCKETS]).toMatch(
      /^fail: Told nobody in particular/,
    );
  });
});
