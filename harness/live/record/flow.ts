/** A flow: requests to a Logto in order, as data, one file each in `flows/`. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const stepSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  note: z.string().optional(),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('GET'),
  /** Path with query below the origin; `{name}` is filled in, `{name:uri}` encoded. A whole URL of the origin will do. */
  path: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
  form: z.record(z.string(), z.string()).optional(),
  json: z.unknown().optional(),
  /** The browser that asks: cookies are kept by this name. */
  jar: z.string().optional(),
  /** Value of the answer → name for later steps: `body.a.b`, `location`, or `location.code` for a parameter of it. */
  keep: z.record(z.string(), z.string()).default({}),
  /** Waits for the code that was sent to `phone`; it is `{code}` afterwards. */
  code: z.literal(true).optional(),
});
export type FlowStep = z.infer<typeof stepSchema>;

const flowSchema = z.strictObject({
  /** Begins the numbers of its recordings. */
  number: z.number().int().min(1).max(9),
  title: z.string(),
  /** What it cannot be driven without. */
  needs: z.array(z.enum(['client', 'codes', 'management'])).default([]),
  steps: z.array(stepSchema),
});
export type Flow = z.infer<typeof flowSchema> & { name: string };

export const FLOWS = path.join(import.meta.dirname, 'flows');

/** All flows of a folder, by number. Throws where a file is none. */
export const loadFlows = (folder = FLOWS): Flow[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({
      ...flowSchema.parse(JSON.parse(readFileSync(path.join(folder, file), 'utf8'))),
      name: path.basename(file, '.json'),
    }))
    .sort((a, b) => a.number - b.number);
