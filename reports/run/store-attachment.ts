/** Files of attachments that came as bytes. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cleanContent } from '../clean.ts';

const EXTENSIONS: Record<string, string> = {
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'application/json': '.json',
  'text/html': '.html',
  'text/plain': '.txt',
};

/**
 * Attachments without a file get one, named by their content, so that the same picture is kept once.
 *
 * @param folder of the reports
 * @returns the file's path below that folder
 */
export function storeAttachment(folder: string, name: string, contentType: string, body: Buffer): string {
  const content = cleanContent(body);
  const extension = EXTENSIONS[contentType] ?? (path.extname(name) || '.bin');
  const file = path.join(
    'attachments',
    `${createHash('sha256').update(content).digest('hex').slice(0, 16)}${extension}`,
  );
  mkdirSync(path.join(folder, 'attachments'), { recursive: true });
  writeFileSync(path.join(folder, file), content);
  return file;
}
