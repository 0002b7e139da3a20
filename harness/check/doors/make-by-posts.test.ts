import { describe, expect, it } from 'vitest';
import { fieldsNamed, firstBody, mendedBody } from './make-by-posts.ts';

const names = (refusal: unknown) => [
  ...fieldsNamed(typeof refusal === 'string' ? refusal : JSON.stringify(refusal)).keys(),
];

describe('the fields that a refusal names', () => {
  it.each([
    [
      'zod 4 issues',
      {
        error: [
          {
            code: 'invalid_type',
            expected: 'number',
            path: ['count'],
            message: 'Invalid input: expected number, received undefined',
          },
        ],
      },
      ['count'],
    ],
    [
      'zod flattened',
      {
        errors: {
          formErrors: [],
          fieldErrors: { label: ['Required'], count: ['Invalid input: expected number'] },
        },
      },
      ['label', 'count'],
    ],
    [
      'fastify',
      { statusCode: 400, error: 'Bad Request', message: "body must have required property 'label'" },
      ['label'],
    ],
    [
      'express-validator',
      { errors: [{ type: 'field', msg: 'Invalid value', path: 'dueDate', location: 'body' }] },
      ['dueDate'],
    ],
    ['pydantic-like', { detail: [{ loc: ['body', 'label'], msg: 'Field required' }] }, ['label']],
    ['a sentence', { message: 'label is required' }, ['label']],
    ['a question', { title: 'count?' }, ['count']],
    ['plain text', 'Missing label', ['label']],
    [
      'laravel',
      { message: 'The given data was invalid.', errors: { label: ['The label field is required.'] } },
      ['label'],
    ],
  ])('%s', (_, refusal, expected) => {
    expect(names(refusal)).toEqual(expect.arrayContaining(expected));
  });
});

describe('what is posted next', () => {
  const mended = (body: Record<string, unknown>, refusal: unknown, status = 422) =>
    mendedBody(body, { status, text: JSON.stringify(refusal) }, 'W');
  it('has the fields that were wanted, of their types', () => {
    expect(
      mended(
        { title: 'W' },
        {
          error: [
            { expected: 'number', path: ['count'], message: 'expected number' },
            {
              path: ['state'],
              code: 'invalid_value',
              values: ['open', 'done'],
              message: 'Invalid option: expected one of "open"|"done"',
            },
          ],
        },
      ),
    ).toEqual({ title: 'W', count: 1, state: 'open' });
  });
  it('lacks those that were not known', () => {
    expect(
      mended(firstBody('W'), {
        issues: [
          {
            code: 'unrecognized_keys',
            keys: ['text', 'body', 'content', 'message', 'name'],
            path: [],
            message: 'Unrecognized keys',
          },
        ],
      }),
    ).toEqual({ title: 'W' });
  });
  it.each([401, 403, 404, 405, 429, 500])('is nothing after %i', (status) => {
    expect(mended({ title: 'W' }, { message: 'label is required' }, status)).toBeUndefined();
  });
  it('is nothing where nothing is named', () => {
    expect(mended({ title: 'W' }, { message: 'no' })).toBeUndefined();
  });
});
