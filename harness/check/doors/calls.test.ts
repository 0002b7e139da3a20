import { describe, expect, it } from 'vitest';
import { configSchema } from '../../config/config.ts';
import type { ProcedureCalls } from '../../lab/procedure.ts';
import { batchPaths } from './call-addresses.ts';
import {
  inputOf,
  knownIds,
  mutationAsk,
  namedIn,
  pathsWithIds,
  plainQueries,
  queriesWithIds,
  queryPath,
} from './calls.ts';
import { aimsOf } from './calls-of-others.ts';

const text = (name: string) => ({ name, type: 'text' as const });
const calls: ProcedureCalls = {
  endpoint: '/api/trpc',
  isWrapped: true,
  procedures: [
    { name: 'project.list', kind: 'query', source: 'a.ts', isGuarded: true },
    { name: 'project.get', kind: 'query', source: 'a.ts', inputs: [text('id')] },
    { name: 'project.members', kind: 'query', source: 'a.ts', inputs: [text('projectId')] },
    { name: 'project.rename', kind: 'mutation', source: 'a.ts', inputs: [text('id'), text('name')] },
    { name: 'project.delete', kind: 'mutation', source: 'a.ts', inputs: [text('id')] },
    { name: 'post.byId', kind: 'query', source: 'a.ts', inputs: [{ name: 'id', type: 'number' }] },
    { name: 'comment.add', kind: 'mutation', source: 'a.ts', inputs: [text('projectId'), text('text')] },
    {
      name: 'profile.update',
      kind: 'mutation',
      source: 'a.ts',
      inputs: [{ ...text('id'), isOptional: true }, text('nickname')],
    },
    { name: 'profile.deleteAccount', kind: 'mutation', source: 'a.ts', inputs: [text('id')] },
  ],
};
const lab = {
  routes: { paths: [{ path: '/projects/[id]', source: 'b.tsx' }], calls },
  config: configSchema.parse({ target: { command: 'node server.js' } }),
  app: { origin: 'http://localhost:1', basePath: '/api/auth' },
} as unknown as Parameters<typeof plainQueries>[0];

const listOf = (...ids: string[]) =>
  JSON.stringify({ result: { data: { json: ids.map((id) => ({ id, name: 'x', ownerId: 'u1' })) } } });
const known = knownIds([['/api/trpc/project.list', listOf('c1a', 'c2b')]], ['u1'], '/api/trpc');

describe('queries', () => {
  it('are asked for without an input where they need none', () => {
    expect(plainQueries(lab).map(({ path }) => path)).toEqual(['/api/trpc/project.list']);
  });
  it('are filled with ids that queries of the same router have shown, the first and the last', () => {
    const input = (value: object) => encodeURIComponent(JSON.stringify({ json: value }));
    expect(queriesWithIds(lab, known).map(({ path }) => path)).toEqual([
      `/api/trpc/project.get?input=${input({ id: 'c1a' })}`,
      `/api/trpc/project.get?input=${input({ id: 'c2b' })}`,
      `/api/trpc/project.members?input=${input({ projectId: 'c1a' })}`,
      `/api/trpc/project.members?input=${input({ projectId: 'c2b' })}`,
    ]);
  });
  it('stand in a batch, alone and behind another', () => {
    const inputs = (value: object) => encodeURIComponent(JSON.stringify(value));
    expect(batchPaths('/api/trpc/project.list', calls)).toEqual([
      `/api/trpc/project.list?batch=1&input=${inputs({})}`,
      `/api/trpc/conformance,project.list?batch=1&input=${inputs({})}`,
    ]);
    expect(batchPaths(queryPath(calls, 'project.get', { id: 'c1a' }), calls)[1]).toBe(
      `/api/trpc/conformance,project.get?batch=1&input=${inputs({ 1: { json: { id: 'c1a' } } })}`,
    );
    expect(batchPaths('/projects', calls)).toEqual([]);
  });
  it('name the same thing as its page does', () => {
    const [page] = pathsWithIds(lab, known);
    expect(page?.path).toBe('/projects/c1a');
    expect(namedIn(page?.path ?? '', '/api/trpc')).toEqual(['project:c1a']);
    expect(namedIn(queryPath(calls, 'project.get', { id: 'c1a' }), '/api/trpc')).toEqual(['project:c1a']);
    expect(namedIn(queryPath(calls, 'project.members', { projectId: 'c1a' }), '/api/trpc')).toEqual([
      'project:c1a',
    ]);
    expect(namedIn('/api/trpc/project.list', '/api/trpc')).toEqual([]);
  });
});

describe('mutations', () => {
  it('are posted as superjson wraps them', () => {
    expect(mutationAsk(calls, { name: 'project.rename' }, { id: 'c1a' })).toEqual({
      path: '/api/trpc/project.rename',
      method: 'POST',
      json: { json: { id: 'c1a' } },
    });
  });
  it('are given what they have to be given, and nothing where that cannot be told', () => {
    expect(inputOf({ inputs: [text('id'), text('name')] }, { id: 'c1a' }, 'Word')).toEqual({
      id: 'c1a',
      name: 'Word',
    });
    expect(inputOf({ inputs: [{ name: 'file', type: 'other' }] }, {}, 'Word')).toBeUndefined();
  });
  it('are aimed at what another is not shown; what only adds, or ends an account, is left alone, and taking away comes last', () => {
    const others = knownIds([['/api/trpc/project.list', listOf('c2b')]], ['u2'], '/api/trpc');
    expect(aimsOf(calls, known, others).map(({ procedure, value }) => [procedure.name, value])).toEqual([
      ['project.rename', 'c1a'],
      ['profile.update', 'u1'],
      ['project.delete', 'c1a'],
    ]);
  });
});
