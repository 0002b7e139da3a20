/** Routes of Remix and React Router that the names of files tell: `routes/_app.orders.$id.tsx` (reactrouter.com, File Route Conventions). */

/** A route as its table, or the name of its file, tells. */
export interface TabledRoute {
  /** Address with `:name`, `:name?` and `*` in it; undefined where the route has none, as a layout. */
  path?: string;
  /** File that answers there, relative to the app; undefined where nothing tells. */
  file?: string;
  /** Files that stand around it, the outermost first. */
  above: string[];
}

const ROUTE = /^(?:([^/]+)|([^/]+)\/(?:route|index))\.[jt]sx?$/;

/** One step of a name, without what is written in brackets (`sitemap[.]xml`), which stands for itself. */
function stepsOf(name: string): string[] {
  const steps: string[] = [''];
  for (const [, literal, letter] of name.matchAll(/\[([^\]]*)\]|([^[\]])/g))
    if (letter === '.' || letter === '/') steps.push('');
    else
      steps[steps.length - 1] += literal === undefined ? (letter ?? '') : literal.replaceAll('.', '\u0000');
  return steps;
}

/** What a step says in an address: `$id` is `:id`, `$` is `*`, `(lang)` may be left out, `_app` and `_index` say nothing. */
function spoken(step: string): string | undefined {
  if (/^_/.test(step) || step === 'index') return undefined;
  const [, optional] = /^\((.*)\)$/.exec(step) ?? [];
  if (optional !== undefined) return `${spoken(optional) ?? ''}?`;
  const bare = step.replace(/_$/, '');
  return (bare === '$' ? '*' : bare.replace(/^\$/, ':')).replaceAll('\u0000', '.');
}

/** What a file is called where a folder that ends in a plus is a step (remix-flat-routes, Hybrid Routes): `settings+/profile.tsx`. */
function hybridName(file: string): string | undefined {
  const [, bare = ''] = /^(.*)\.[jt]sx?$/.exec(file) ?? [];
  const flat = bare.replaceAll('+/', '.');
  const [name, own] = [flat.replace(/\/[^/]*$/, ''), /\/([^/]*)$/.exec(flat)?.[1]];
  if (!flat || name.includes('/') || /\.(?:server|client|test|spec)$/.test(flat)) return undefined;
  return own === undefined || /^(?:route|index|page|_?layout)$/.test(own) ? name : undefined;
}

/** What it is called where all folders are steps but those that begin with a plus (react-router-auto-routes): `settings/profile/index.tsx`. */
function nestedName(file: string): string | undefined {
  const [, bare = ''] = /^(.*)\.[jt]sx?$/.exec(file) ?? [];
  const isNone = /(?:^|\/)\+|\.(?:server|client|test|spec)$/.test(bare);
  return bare && !isNone ? bare.replaceAll('/', '.') : undefined;
}

const plainName = (file: string): string | undefined => {
  const [, own, within] = ROUTE.exec(file) ?? [];
  return own ?? within;
};

const NAMES = { own: plainName, hybrid: hybridName, nested: nestedName };

/**
 * @param files below the folder of routes, relative to it
 * @param folder of the routes, relative to the app
 * @param convention of the names: that of the framework, or of a package
 */
export function flatRoutes(
  files: readonly string[],
  folder: string,
  convention: keyof typeof NAMES = 'own',
): TabledRoute[] {
  const named = files.flatMap((file) => {
    const name = NAMES[convention](file);
    // The layout of a folder stands around all that is in it.
    return name ? [{ name, file: `${folder}/${file}`, around: name.replace(/\._layout$/, '') }] : [];
  });
  return named.map(({ name, file }) => {
    const around = named.filter((each) => each.name !== name && name.startsWith(`${each.around}.`));
    const above = around.sort((one, next) => one.name.length - next.name.length).map((each) => each.file);
    const steps = stepsOf(name);
    const isLayout = /^_(?!index$)/.test(steps.at(-1) ?? '');
    const path = `/${steps.flatMap((step) => spoken(step) ?? []).join('/')}`;
    return { ...(!isLayout && { path }), file, above };
  });
}
