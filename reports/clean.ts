/** Takes secrets out of the files that checks and Playwright leave beside a report. */
import { readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { redactText } from '../mocks/redact.ts';

/** Bytes; larger files are no notes or pages of a check. */
const FILE_MAX = 32_000_000;

/** Pictures, archives and the like hold a zero byte near their start; text never does. */
const isText = (content: Buffer) => !content.subarray(0, 8_192).includes(0);

/** The content with secrets taken out when it is text, as it was otherwise. */
export function cleanContent(content: Buffer): Buffer {
  if (!isText(content)) return content;
  const text = content.toString('utf8');
  const clean = redactText(text);
  return clean === text ? content : Buffer.from(clean);
}

/** Rewrites every text file of a folder, and of the folders in it, without its secrets, and drops folders that are empty. */
export function cleanFolder(folder: string): void {
  let entries: { name: string; parentPath: string; isFile(): boolean; isDirectory(): boolean }[];
  try {
    entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    if (statSync(file).size > FILE_MAX) continue;
    const content = readFileSync(file);
    const clean = cleanContent(content);
    if (clean !== content) writeFileSync(file, clean);
  }
  // The deepest first, so that a folder of empty folders goes, too.
  const folders = entries
    .filter((each) => each.isDirectory())
    .map((each) => path.join(each.parentPath, each.name));
  for (const each of folders.sort((a, b) => b.length - a.length)) {
    if (readdirSync(each).length === 0) rmdirSync(each);
  }
}
