/** Writes `twilio-config.schema.json`; with --check only compares. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SCHEMA_FILE, schemaText } from './twilio-schema.ts';

const file = path.join(import.meta.dirname, SCHEMA_FILE);
const text = schemaText();
const stale = !existsSync(file) || readFileSync(file, 'utf8') !== text;
if (process.argv.includes('--check')) {
  if (stale) {
    process.stderr.write(`stale: ${SCHEMA_FILE}; run npm run schema\n`);
    process.exitCode = 1;
  }
} else if (stale) {
  writeFileSync(file, text);
  process.stdout.write(`${SCHEMA_FILE} written anew\n`);
}
