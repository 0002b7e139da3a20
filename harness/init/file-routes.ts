/** The address of a file of a framework with routes by file. */
import type { SourceFile } from './syntax.ts';

export interface FileRoute {
  path: string;
  api: boolean;
}

const RULES: [RegExp, boolean][] = [
  [/^(?:src\/)?app\/(.*\/)?page\.[jt]sx?$/, false],
  [/^(?:src\/)?app\/(.*\/)?route\.[jt]s$/, true],
  [/^src\/routes\/(.*\/)?\+page(?:\.server)?\.[jt]s$/, false],
  [/^src\/routes\/(.*\/)?\+server\.[jt]s$/, true],
  [
    /^server\/(api\/(?!.*\.(?:post|put|patch|delete|head|options)\.[jt]s$).*?)(?:\/?index)?(?:\.get)?\.[jt]s$/,
    true,
  ],
  [
    /^server\/routes\/((?!.*\.(?:post|put|patch|delete|head|options)\.[jt]s$).*?)(?:\/?index)?(?:\.get)?\.[jt]s$/,
    true,
  ],
  [/^(?:app\/)?pages\/(.*?)(?:\/?index)?\.vue$/, false],
  [/^src\/routes\/(api\/.*?)(?:\/?index)?\.[jt]s$/, true],
  [/^src\/routes\/(.*?)(?:\/?(?:index|layout))?\.tsx$/, false],
  [/^(?:src\/)?pages\/(api\/.*?)(?:\/?index)?\.[jt]s$/, true],
  [/^(?:src\/)?pages\/(.*?)(?:\/?index)?\.(?:[jt]sx?|astro)$/, false],
];

/** Routes whose files name their steps with dots as well: TanStack Start, Remix and React Router. */
const FLAT = /^(?:app|src)\/routes\/(.+)\.[jt]sx?$/;

/** The steps of such a file; undefined where it is none. */
export function flatSteps({ file, text }: SourceFile): string[] | undefined {
  // A page of Next.js at `/routes` is none.
  if (/(?:^|\/)(?:page|layout|template)\.[jt]sx?$/.test(file)) return undefined;
  const steps = FLAT.exec(file)?.[1]?.split(/[./]/);
  if (!steps) return undefined;
  const isTanStack = /\bcreate(?:Server|API)?FileRoute\b/.test(text);
  return isTanStack || (file.startsWith('app/') && /\bexport\b/.test(text)) ? steps : undefined;
}

/** Steps that stand in names of files and not in addresses: `_authed`, `(group)`, `index`, `route`. */
const isSilent = (step: string) => /^_|^\(.*\)$|^(?:index|route)$/.test(step);

function flatRoute(steps: readonly string[], { text }: SourceFile): FileRoute | undefined {
  if (isSilent(steps.at(-1) ?? '') && /^_(?!index$)/.test(steps.at(-1) ?? '')) return undefined;
  const spoken = steps.filter((step) => !isSilent(step)).map((step) => step.replace(/_$/, ''));
  if (spoken.some((step) => step.startsWith('$') || step === '__root' || /[[\]]/.test(step)))
    return undefined;
  const path = `/${spoken.join('/')}`;
  const api = /(^|\/)api(\/|$)/.test(path) || !/\bexport default\b|\bcomponent\s*:/.test(text);
  return { path, api };
}

/**
 * An address with its language in it.
 *
 * @param locale empty where addresses of the app have none for the usual language
 */
export const spokenPath = (path: string, locale: string | undefined): string =>
  locale === undefined
    ? path
    : path.replace(/^\/\[(?:locale|lang|lng|language)\](?=\/|$)/, locale && `/${locale}`) || '/';

/** File of a framework with routes by file → URL path and kind. */
export function routeOf(source: SourceFile, locale?: string): FileRoute | undefined {
  const flat = flatSteps(source);
  if (flat) return flatRoute(flat, source);
  for (const [pattern, api] of RULES) {
    const match = pattern.exec(source.file);
    if (!match) continue;
    // Another page is shown in the place of this one (`(.)photo`).
    if (/(^|\/)\(\.{1,3}\)/.test(match[1] ?? '')) return undefined;
    const silent = (match[1] ?? '').replace(/\([^)]*\)\/?|(^|\/)@[^/]+(?=\/)/g, '');
    const path = spokenPath(`/${silent.replace(/^\/|\/$/g, '')}`, locale);
    return /[[\]]|(^|\/)_/.test(path) ? undefined : { path, api };
  }
  return undefined;
}
