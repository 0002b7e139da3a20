/** Notes by procedures that are posted alone: oRPC, JSON-RPC and GraphQL, beside a board that everybody reads. */
import { afterAll, describe, expect, it } from 'vitest';
import { judging, passed, removeVariants } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = ['doors/changed-by-others', 'doors/read-by-others'];
/** The packages are played: `@orpc/server` by a chain that remembers its guard, GraphQL by what looks for the name of a field. */
const NOTES = `
  app.use(express.json());
  const users = new Map(); const notes = []; const board = []; let next = 4000;
  const who = async (req, res) => { const session = await readSession(req, config, res); const id = session?.user?.id; if (!id) return undefined; if (!users.has(id)) users.set(id, { id, email: session.user.email }); return users.get(id); };
  const own = (me, id) => notes.find((n) => n.id === Number(id) && n.owner === me?.id);
  const mine = (me) => notes.filter((n) => n.owner === me.id).map(({ id, text }) => ({ id, text }));
  const make = (me, text) => { const n = { id: (next += 7), text: String(text), owner: me.id }; notes.push(n); return { id: n.id }; };
  const shown = (n) => (n ? { id: n.id, text: n.text } : null);
  const z = { object: (shape) => shape, number: () => ({}), string: () => ({}) };
  const chain = (guarded) => ({ use: () => chain(true), input: () => chain(guarded), handler: (run) => ({ guarded, run }) });
  // as of @orpc/server
  class RPCHandler { constructor(router) { this.router = router; } async handle(req, res) { const at = req.path.split('/').filter(Boolean).reduce((o, k) => o?.[k], this.router); if (!at?.run) return res.status(404).json({ json: { code: 'NOT_FOUND' } }); const me = await who(req, res); if (at.guarded && !me) return res.status(401).json({ json: { defined: false, code: 'UNAUTHORIZED', status: 401, message: 'Sign in' } }); const json = await at.run({ context: { me }, input: req.body?.json }); res.json({ json: json ?? null }); } }
  const base = chain(false); const authed = base.use();
  const router = {
    ping: base.handler(() => 'pong'),
    notes: {
      list: authed.handler(({ context }) => mine(context.me)),
      get: authed.input(z.object({ id: z.number() })).handler(({ context, input }) => shown(own(context.me, input.id))),
      create: authed.input(z.object({ text: z.string() })).handler(({ context, input }) => make(context.me, input.text)),
      rename: authed.input(z.object({ id: z.number(), text: z.string() })).handler(({ context, input }) => { const n = own(context.me, input.id); if (n) n.text = input.text; return n ? true : null; }),
    },
    board: {
      list: base.handler(() => board),
      get: base.input(z.object({ id: z.number() })).handler(({ input }) => board.find((b) => b.id === input.id)),
      create: authed.input(z.object({ text: z.string() })).handler(({ input }) => { board.push({ id: (next += 7), text: input.text }); return true; }),
    },
  };
  const handler = new RPCHandler(router, { prefix: '/rpc' });
  app.use('/rpc', (req, res) => (req.method === 'POST' ? handler.handle(req, res) : res.status(405).end()));
  const methods = {
    'system.version': { open: true, run: () => '2' },
    'members.find': { run: (me, { id }) => (id === me.id ? users.get(id) : null) },
    'notes.list': { run: (me) => mine(me) },
    'notes.get': { run: (me, { id }) => shown(own(me, id)) },
    'notes.remove': { run: (me, { id }) => { const n = own(me, id); if (n) notes.splice(notes.indexOf(n), 1); return Boolean(n); } },
  };
  const one = async (call, me) => { const method = methods[call?.method]; const id = call?.id ?? null; if (!method) return { jsonrpc: '2.0', id, error: { code: -32601, message: 'No such method' } }; if (!method.open && !me) return { jsonrpc: '2.0', id, error: { code: -32001, message: 'Sign in' } }; return { jsonrpc: '2.0', id, result: await method.run(me, call.params ?? {}) }; };
  app.post('/json-rpc', async (req, res) => { const me = await who(req, res); const all = [req.body].flat(); const answers = await Promise.all(all.map((call) => one(call, me))); res.json(Array.isArray(req.body) ? answers : answers[0]); });
  const typeDefs = \`
    type Note { id: ID! text: String! }
    input NoteInput { text: String! }
    type Query { note(id: ID!): Note notes: [Note!]! }
    type Mutation { createNote(input: NoteInput!): Note! deleteNote(id: ID!): Boolean! }
  \`;
  const fields = { note: (me, { id }) => shown(own(me, id)), notes: (me) => mine(me), createNote: (me, { input }) => make(me, input.text), deleteNote: (me, { id }) => methods['notes.remove'].run(me, { id }) };
  app.post('/graphql', async (req, res) => { const me = await who(req, res); const field = /[{]\\s*(\\w+)/.exec(req.body?.query ?? '')?.[1]; if (!me || !fields[field]) return res.json({ errors: [{ message: me ? 'No such field' : 'Sign in' }], data: null }); res.json({ data: { [field]: await fields[field](me, req.body.variables ?? {}) } }); });
`;
const on = judging(IDS, NOTES);

describe('notes by calls that are posted', { timeout: 240_000 }, () => {
  it('are everybody’s own, beside a board for all', async () => {
    expect(await on()).toEqual(passed(IDS));
  });
  it('are handed out by one procedure of oRPC to whoever knows their id', async () => {
    const verdicts = await on([
      'shown(own(context.me, input.id))',
      'shown(notes.find((n) => n.id === input.id))',
    ]);
    expect(verdicts['doors/read-by-others']).toMatch(
      /^fail: Showed another member what belongs to a member: notes\.get \(POST \/rpc\/notes\/get\)/,
    );
  });
  it('are handed out by a field of GraphQL', async () => {
    const verdicts = await on([
      'note: (me, { id }) => shown(own(me, id))',
      'note: (me, { id }) => shown(notes.find((n) => n.id === Number(id)))',
    ]);
    expect(verdicts['doors/read-by-others']).toMatch(/^fail: Showed another member.*note \(POST \/graphql\)/);
  });
  it('stand beside members, whose address is handed out to whoever knows their id', async () => {
    const verdicts = await on(['(id === me.id ? users.get(id) : null)', '(users.get(id) ?? null)']);
    expect(verdicts['doors/read-by-others']).toMatch(
      /^fail: Showed another member what belongs to a member: members\.find \(POST \/json-rpc\).*the email address of the member/,
    );
  });
  it('are written by whoever forgets who asks', async () => {
    const verdicts = await on([
      'const n = own(context.me, input.id); if (n) n.text',
      'const n = notes.find((each) => each.id === input.id); if (n) n.text',
    ]);
    expect(verdicts['doors/changed-by-others']).toMatch(/^fail: Let another member write.*notes\.rename/);
  });
  it('are taken away by a mutation of GraphQL', async () => {
    const verdicts = await on([
      "deleteNote: (me, { id }) => methods['notes.remove'].run(me, { id })",
      'deleteNote: (me, { id }) => { const at = notes.findIndex((n) => n.id === Number(id)); if (at >= 0) notes.splice(at, 1); return at >= 0; }',
    ]);
    expect(verdicts['doors/changed-by-others']).toMatch(/^fail: Let another member take away.*deleteNote/);
  });
  it('are listed to nobody by a procedure that begins without the guard', async () => {
    const verdicts = await on([
      'list: authed.handler(({ context }) => mine(context.me))',
      'list: base.handler(({ context }) => (context.me ? mine(context.me) : notes))',
    ]);
    expect(verdicts['doors/read-by-others']).toMatch(
      /^fail: Showed somebody without a session what belongs to a member: notes\.list \(POST \/rpc\/notes\/list\), called by nobody,/,
    );
  });
  it('are listed to nobody by a batch whose first call is for everybody', async () => {
    const verdicts = await on(
      ['one = async (call, me) =>', 'one = async (call, me, at = 0, all = []) =>'],
      ['!method.open && !me', '!method.open && !me && !methods[all[0]?.method]?.open'],
      ['all.map((call) => one(call, me))', 'all.map((call, at) => one(call, me, at, all))'],
      ["'notes.list': { run: (me) => mine(me) }", "'notes.list': { run: (me) => (me ? mine(me) : notes) }"],
    );
    expect(verdicts['doors/read-by-others']).toMatch(
      /^fail: Showed somebody without a session what belongs to a member: notes\.\w+ \(POST \/json-rpc\), called by nobody behind a call that is for everybody/,
    );
  });
});
