/** The examples of docs/ci.md against the schemas of their CI systems, and against what the command knows. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type AnySchema } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { REPORTER_NAMES } from '../../reports/reporter-names.ts';
import { ROOT } from '../config/defaults.ts';

const page = readFileSync(path.join(ROOT, 'docs/ci.md'), 'utf8');
/** File → text of each example. */
const examples = new Map(
  [...page.matchAll(/```(?:yaml|groovy)\n(?:#|\/\/) (\S+)\n([\s\S]*?)```/g)].map(
    ([, file = '', text = '']) => [file, text] as const,
  ),
);
const textOf = (file: string) => examples.get(file) ?? '';

const published = (name: string) => {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, logger: false });
  const schema = JSON.parse(
    readFileSync(path.join(ROOT, 'fixtures/data/ci-schemas', `${name}.json`), 'utf8'),
  ) as AnySchema;
  return ajv.compile(schema);
};

/** Azure DevOps: https://learn.microsoft.com/azure/devops/pipelines/yaml-schema. */
const azure = z.strictObject({
  trigger: z.array(z.string()),
  pool: z.strictObject({ vmImage: z.string() }),
  steps: z.array(
    z.union([
      z.strictObject({
        task: z.string().regex(/^\w+@\d+$/),
        condition: z.string().optional(),
        inputs: z.record(z.string(), z.string()),
      }),
      z.strictObject({ script: z.string(), displayName: z.string().optional() }),
      z.strictObject({ publish: z.string(), artifact: z.string(), condition: z.string().optional() }),
    ]),
  ),
});

/** Bitbucket: https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-pipelines-configuration-reference. */
const bitbucket = z.strictObject({
  image: z.string(),
  pipelines: z.strictObject({
    default: z.array(
      z.strictObject({
        step: z.strictObject({
          name: z.string(),
          'max-time': z.int(),
          script: z.array(z.string()),
          artifacts: z.array(z.string()),
        }),
      }),
    ),
  }),
});

describe('the examples of docs/ci.md', () => {
  test('are those of six systems', () => {
    expect([...examples.keys()]).toEqual([
      '.github/workflows/conformance.yml',
      '.github/workflows/conformance-sharded.yml',
      '.gitlab-ci.yml',
      'azure-pipelines.yml',
      'Jenkinsfile',
      '.circleci/config.yml',
      'bitbucket-pipelines.yml',
    ]);
  });

  test.each([
    ['.github/workflows/conformance.yml', 'github-workflow'],
    ['.github/workflows/conformance-sharded.yml', 'github-workflow'],
    ['.gitlab-ci.yml', 'gitlab-ci'],
    ['.circleci/config.yml', 'circleci'],
  ])('%s keeps the published schema', (file, name) => {
    const validate = published(name);
    validate(parse(textOf(file)));
    expect(validate.errors ?? []).toEqual([]);
    // A schema that takes anything would say nothing.
    expect(validate({ jobs: 7, conformance: 7, on: 7, version: [] })).toBe(false);
  });

  test.each([
    ['azure-pipelines.yml', azure],
    ['bitbucket-pipelines.yml', bitbucket],
  ])('%s has the shape of its documents', (file, shape) => {
    expect(shape.safeParse(parse(textOf(file))).error?.issues ?? []).toEqual([]);
  });

  test('the Jenkinsfile is closed, and reads the report', () => {
    const text = textOf('Jenkinsfile');
    expect(text.split('{').length).toBe(text.split('}').length);
    expect(text).toContain("junit 'conformance-results/junit.xml'");
  });

  test('name reporters that there are', () => {
    const named = [...page.matchAll(/--reporter ([\w,-]+)/g)].flatMap(([, list = '']) => list.split(','));
    expect(named.length).toBeGreaterThan(6);
    for (const name of named) expect(REPORTER_NAMES).toContain(name);
  });
});
