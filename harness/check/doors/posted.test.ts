import { describe, expect, it } from 'vitest';
import type { Procedure } from '../../lab/procedure.ts';
import type { Answer } from '../../user-agents/http.ts';
import { knownIds, namedIn, queriesWithIds } from './calls.ts';
import { askAt, opened, placeTold, postedPlace } from './posted.ts';

const procedure = (name: string, style: 'orpc' | 'json-rpc' | 'graphql', more: object = {}) => ({
  name,
  kind: 'query' as const,
  source: 'x.ts',
  posted: { style, endpoint: '/rpc', ...more },
});
const answered = (value: unknown, status = 200): Answer =>
  ({ status, headers: {}, text: JSON.stringify(value) }) as unknown as Answer;

describe('calls that are posted', () => {
  it.each([
    [procedure('notes.get', 'orpc'), '/rpc/notes/get', { json: { id: 7 } }],
    [
      procedure('notes.get', 'json-rpc'),
      '/rpc',
      { jsonrpc: '2.0', id: 1, method: 'notes.get', params: { id: 7 } },
    ],
    [
      procedure('note', 'graphql', { text: 'query ($id: ID!) { note(id: $id) { id } }' }),
      '/rpc',
      { query: 'query ($id: ID!) { note(id: $id) { id } }', variables: { id: 7 } },
    ],
    [
      procedure('createNote', 'graphql', { text: 'mutation …', within: 'input' }),
      '/rpc',
      { query: 'mutation …', variables: { input: { id: 7 } } },
    ],
  ])('stand at a place of their own: %j', (each, path, json) => {
    const place = postedPlace(each, { id: 7 });
    expect(askAt(place)).toEqual({ path, method: 'POST', json });
    expect(placeTold(place)).toBe(`${each.name} (POST ${path})`);
  });
  it('name what they are given, as an address does', () => {
    expect(namedIn(postedPlace(procedure('notes.get', 'orpc'), { id: 7 }), '')).toEqual(['note:7']);
    expect(namedIn(postedPlace(procedure('noteById', 'graphql'), { id: 'n7' }), '')).toEqual(['note:n7']);
    expect(namedIn(postedPlace(procedure('notes', 'graphql')), '')).toEqual([]);
  });
  it('are filled with ids that stand below a name in an answer', () => {
    const calls = {
      endpoint: '',
      procedures: [
        { ...procedure('note', 'graphql', { text: 't' }), inputs: [{ name: 'id', type: 'text' as const }] },
      ] satisfies Procedure[],
    };
    const lab = { routes: { calls }, app: { basePath: '/auth' }, config: { pages: {} } };
    const seen = [
      [postedPlace(procedure('me', 'graphql')), '{"me":{"id":"u1","notes":[{"id":"n7"}]}}'] as const,
    ];
    const found = queriesWithIds(
      lab as unknown as Parameters<typeof queriesWithIds>[0],
      knownIds(seen, ['u1']),
    );
    expect(found.map(({ path }) => askAt(path).json)).toEqual([{ query: 't', variables: { id: 'n7' } }]);
    expect(knownIds(seen, ['logto-1']).own).toEqual(['logto-1', 'u1']);
  });
});

describe('answers to calls', () => {
  it.each([
    [{ jsonrpc: '2.0', id: 1, result: { a: 1 } }, 200, '{"a":1}'],
    [{ jsonrpc: '2.0', id: 1, result: null }, 200, 'null'],
    [{ jsonrpc: '2.0', id: 1, error: { code: -32001, message: 'No' } }, 403, 'null'],
    [{ data: { note: { id: 7 } } }, 200, '{"note":{"id":7}}'],
    [{ errors: [{ message: 'No' }], data: null }, 403, 'null'],
    [{ errors: [{ message: 'No' }], data: { note: null } }, 403, '{"note":null}'],
    [
      { errors: [{ message: 'Half' }], data: { me: { id: 1 }, note: null } },
      200,
      '{"me":{"id":1},"note":null}',
    ],
    [{ json: [1] }, 200, '[1]'],
  ])('are read without their envelope: %j', (value, status, text) => {
    expect(opened(answered(value))).toMatchObject({ status, text });
  });
  it('that HTTP refuses stay as they are', () => {
    expect(opened(answered({ json: { code: 'UNAUTHORIZED' } }, 401))).toMatchObject({ status: 401 });
  });
});
