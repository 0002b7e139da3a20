import { describe, expect, it } from 'vitest';
import { postedProcedures } from './posted-procedures.ts';
import { readSource, type SourceFile } from './syntax.ts';

const sourcesOf = (files: Record<string, string>): SourceFile[] =>
  Object.entries(files).flatMap(([file, text]) => readSource(file, text) ?? []);
const told = (procedures: ReturnType<typeof postedProcedures>) =>
  procedures.map(({ name, kind, isGuarded, posted }) => [
    name,
    kind,
    Boolean(isGuarded),
    `${posted?.style} ${posted?.endpoint}`,
  ]);

describe('procedures of oRPC', () => {
  const found = postedProcedures(
    sourcesOf({
      'server/base.ts':
        "import { os } from '@orpc/server';\nexport const pub = os.$context<Context>();\nexport const authed = pub.use(session);",
      'server/notes.ts':
        "import { authed, pub } from './base';\nconst list = authed.handler(({ context }) => notesOf(context.user));\nexport const notes = { list, rename: authed.input(z.object({ id: z.number(), text: z.string() })).handler(rename), latest: pub.handler(latest) };",
      'server/rpc.ts':
        "import { RPCHandler } from '@orpc/server/node';\nimport { authed } from './base';\nimport { notes } from './notes';\nconst router = { notes, admin: authed.prefix('/admin').router({ drop: authed.input(odd()).handler(drop) }) };\nconst handler = new RPCHandler(router);\nexport const serve = (req, res) => handler.handle(req, res, { prefix: '/api/rpc', context: {} });",
    }),
    [],
    [],
  );
  it('are read from the routers that a handler is given', () => {
    expect(told(found)).toEqual([
      ['notes.list', 'query', true, 'orpc /api/rpc'],
      ['notes.rename', 'mutation', true, 'orpc /api/rpc'],
      ['notes.latest', 'query', false, 'orpc /api/rpc'],
      ['admin.drop', 'mutation', true, 'orpc /api/rpc'],
    ]);
  });
  it('say what they take', () => {
    expect(found[1]?.inputs).toEqual([
      { name: 'id', type: 'number' },
      { name: 'text', type: 'text' },
    ]);
    expect(found[3]).toMatchObject({ isUnread: true });
  });
});

describe('methods of JSON-RPC', () => {
  it('are read from a table of names, and from what is added to a server', () => {
    const found = postedProcedures(
      sourcesOf({
        'rpc.js':
          "const methods = { 'notes.get': (me, { id }) => find(me, id), 'notes.remove': { run: (me, { id }) => drop(me, id) }, plain: 1 };\nexport const answer = (id, result) => ({ jsonrpc: '2.0', id, result });",
        'more.js':
          "import { JSONRPCServer } from 'json-rpc-2.0';\nconst server = new JSONRPCServer();\nserver.addMethod('whoAmI', () => me());\nconst version = '2.0';",
      }),
      [],
      ['/api/notes', '/api/jsonrpc'],
    );
    expect(told(found)).toEqual([
      ['notes.get', 'query', false, 'json-rpc /api/jsonrpc'],
      ['notes.remove', 'mutation', false, 'json-rpc /api/jsonrpc'],
      ['whoAmI', 'query', false, 'json-rpc /api/jsonrpc'],
    ]);
    expect(found[0]?.inputs).toEqual([{ name: 'id', type: 'any' }]);
  });
  it('are none where no path takes them, or where nothing speaks it', () => {
    const table = "const labels = { 'notes.title': 'Notes', 'notes.empty': 'Nothing yet' };";
    expect(postedProcedures(sourcesOf({ 'labels.js': table }), [], ['/api/rpc'])).toEqual([]);
    const spoken = `${table}\nconst answer = { jsonrpc: '2.0' };`;
    expect(postedProcedures(sourcesOf({ 'labels.js': spoken }), [], ['/api/notes'])).toEqual([]);
  });
});

describe('fields of GraphQL', () => {
  const found = postedProcedures(
    sourcesOf({
      'schema.ts':
        'interface Note { id: string; body: string; secret(): void }\nexport const typeDefs = /* GraphQL */ `\n  enum State { OPEN DONE }\n  "What somebody keeps"\n  type Note { id: ID! text: String! # the words\n    state: State! author: Person! }\n  type Person { id: ID! name: String! notes(first: Int!): [Note!]! }\n  input NoteInput { text: String! state: State = OPEN }\n  type Query { me: Person note(id: ID!): Note notes(first: Int = 20, state: State): [Note!]! }\n  extend type Mutation { createNote(input: NoteInput!): Note! deleteNote(id: ID!): Boolean! }\n`;\nconst yoga = createYoga({ graphqlEndpoint: \'/api/graphql\' });',
    }),
    [],
    [],
  );
  it('are read from a schema in the sources, and those of TypeScript beside it are none', () => {
    expect(told(found)).toEqual([
      ['me', 'query', false, 'graphql /api/graphql'],
      ['note', 'query', false, 'graphql /api/graphql'],
      ['notes', 'query', false, 'graphql /api/graphql'],
      ['createNote', 'mutation', false, 'graphql /api/graphql'],
      ['deleteNote', 'mutation', false, 'graphql /api/graphql'],
    ]);
  });
  it('are asked for with their plain fields, and those of what is in them', () => {
    expect(found[1]?.posted?.text).toBe(
      'query ($id: ID!) { note(id: $id) { id text state author { id name } } }',
    );
    expect(found[4]?.posted?.text).toBe('mutation ($id: ID!) { deleteNote(id: $id)  }');
  });
  it('take what stands in their one input', () => {
    expect(found[3]).toMatchObject({
      inputs: [
        { name: 'text', type: 'text' },
        { name: 'state', type: 'choice', values: ['OPEN', 'DONE'], isOptional: true },
      ],
      posted: { within: 'input' },
    });
    expect(found[2]?.inputs).toEqual([
      { name: 'first', type: 'number', isOptional: true },
      { name: 'state', type: 'choice', values: ['OPEN', 'DONE'], isOptional: true },
    ]);
  });
});
