/** Writes report.schema.json anew: npx tsx reports/write-schema.ts */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { jsonSchema } from './schema.ts';

writeFileSync(
  path.join(import.meta.dirname, 'report.schema.json'),
  `${JSON.stringify(jsonSchema(), null, 2)}\n`,
);
