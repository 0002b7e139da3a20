/** OpenAPI 3.1 description of the control server, made from its table of routes. */
import { z } from 'zod';
import type { ControlRoute } from './route.ts';

const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

/** @param routes the table the server answers by */
export function openApi(routes: readonly ControlRoute[]): object {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, path, summary, body, query } of routes) {
    const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name as string);
    const parameters = [
      ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
        name,
        in: 'query',
        required: !(schema as z.ZodType).safeParse(undefined).success,
        schema: schemaOf(schema as z.ZodType),
      })),
    ];
    const place = path.replace(/:(\w+)/g, '{$1}');
    paths[place] ??= {};
    (paths[place] as Record<string, unknown>)[method.toLowerCase()] = {
      summary,
      ...(parameters.length && { parameters }),
      ...(body && { requestBody: { content: { 'application/json': { schema: schemaOf(body) } } } }),
      responses: {
        200: { description: 'done' },
        400: { description: 'what is wrong with the request, in message' },
      },
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Control API of the authjs-conformance mocks', version: '1' },
    paths,
  };
}
