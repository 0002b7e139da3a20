/** The texts that are written into the components of an app: they are its code, the same for everybody, and no data of anybody. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { listSources } from './sources.ts';

/** Files that hold markup: components, and the pages of routers by file that are written without a dialect of their own. */
const COMPONENT = /\.(?:[jt]sx|vue|astro)$|(?:^|\/)(?:page|layout|template|loading)\.js$/;
/** Shorter ones are words of a layout, and looked for by nobody. */
const LENGTH_MIN = 20;
const TEXTS_MAX = 4000;

const ENTITIES: Record<string, string> = { amp: '&', apos: "'", quot: '"', lt: '<', gt: '>', nbsp: ' ' };

const plain = (text: string): string =>
  text
    .replace(/&(?:#(\d{1,6})|#x([\da-f]{1,5})|(\w+));/gi, (all, number, hex, name) =>
      number || hex
        ? String.fromCodePoint(number ? Number(number) : Number.parseInt(hex, 16))
        : (ENTITIES[name] ?? all),
    )
    .replace(/\s+/g, ' ')
    .trim();

/** Texts between tags, and those that are handed to a component as an attribute. */
export function markupTextsIn(source: string): string[] {
  const between = [...source.matchAll(/(?<=[>}])[^<>{}]+(?=[<{])/g)].map(([text]) => plain(text));
  const handed = [...source.matchAll(/\s[\w-]+=(?:"([^"<>{}]+)"|'([^'<>{}]+)')/g)].map(([, double, single]) =>
    plain(double ?? single ?? ''),
  );
  return [...new Set([...between, ...handed])].filter((text) => text.length >= LENGTH_MIN);
}

/** Texts of all components below a folder. */
export function markupTexts(folder: string): string[] {
  const found = new Set<string>();
  for (const file of listSources(folder))
    if (COMPONENT.test(file))
      for (const text of markupTextsIn(readFileSync(path.join(folder, file), 'utf8'))) found.add(text);
  return [...found].slice(0, TEXTS_MAX);
}
