/** Writes `twilio-config.schema.json`. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { SCHEMA_FILE, schemaText } from './twilio-schema.ts';

writeFileSync(path.join(import.meta.dirname, SCHEMA_FILE), schemaText());
