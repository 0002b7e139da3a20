/** How the page, or the API, of a file sends strangers away: itself, by its layouts, by what its framework runs before it. */
import type { Node } from '@babel/types';
import { type FileRoute, flatSteps } from './file-routes.ts';
import type { Listed } from './folder-routes.ts';
import { handlersSendAway, sendsMembersAway } from './guarded-paths.ts';
import { type Evidence, evidenceIn, type Guards } from './guards.ts';
import { pageMeta } from './page-meta.ts';
import { followed, members, type SourceFile } from './syntax.ts';

/** What a framework asks of the file of a page before it shows it. */
const BEFORE_PAGE =
  /^(?:getServerSideProps|getInitialProps|load|loader|clientLoader|onGet|onRequest|beforeLoad|preload|(?:unstable_)?middleware)$/;
const ANSWERS_GET = /^(?:GET|ALL|loader|onGet|onRequest|(?:unstable_)?middleware)$/;
const MIDDLEWARE = /^(?:unstable_)?middleware$/;

/** Functions of Qwik that run before its page. */
const LOADS = /^routeLoader\$$/;

const calls = (node: Node | null | undefined, name: RegExp): boolean =>
  node?.type === 'CallExpression' && node.callee.type === 'Identifier' && name.test(node.callee.name);

/** The functions of a file that run for a GET of its address. */
export function handlersIn(
  source: SourceFile,
  api: boolean,
  wanted = api ? ANSWERS_GET : BEFORE_PAGE,
): Node[] {
  const { tree } = source;
  if (tree.type !== 'File') return [];
  if (source.file.endsWith('.astro')) return [tree.program];
  const named: Node[] = [];
  const whole: Node[] = [];
  const note = (name: string, node: Node | null | undefined) => {
    if (node && (wanted.test(name) || calls(node, LOADS)))
      named.push(...(calls(node, LOADS) ? argumentsOf(node) : [node]));
    // `export const Route = createFileRoute('/x')({ beforeLoad, loader })`
    if (name === 'Route' || name === 'route') named.push(...optionsOf(node, source, api));
  };
  for (const statement of tree.program.body) {
    if (statement.type === 'ExportDefaultDeclaration') whole.push(statement.declaration);
    if (statement.type !== 'ExportNamedDeclaration') continue;
    const { declaration, specifiers } = statement;
    if (declaration?.type === 'FunctionDeclaration' && declaration.id) note(declaration.id.name, declaration);
    if (declaration?.type === 'VariableDeclaration')
      for (const { id, init } of declaration.declarations) if (id.type === 'Identifier') note(id.name, init);
    for (const each of specifiers) {
      if (each.type !== 'ExportSpecifier') continue;
      const name = each.exported.type === 'Identifier' ? each.exported.name : each.exported.value;
      const node = statement.source
        ? source.links?.exported(
            each.local.name,
            source.links.fileOf(statement.source.value, source) ?? source,
          )?.node
        : each.local;
      if (name === 'default' && node) whole.push(node);
      else note(name, node);
    }
  }
  // A component is asked last: what runs before it has sent strangers away.
  return api && named.length ? named : [...named, ...whole];
}

const argumentsOf = (node: Node) => (node.type === 'CallExpression' ? [...node.arguments] : []);

/** The functions among the options of a route: `beforeLoad`, `server.handlers.GET`. */
function optionsOf(node: Node | null | undefined, source: SourceFile, api: boolean): Node[] {
  const made = node && followed(node, source);
  const options = made?.type === 'CallExpression' ? followed(made.arguments[0], source) : made;
  if (options?.type !== 'ObjectExpression') return [];
  const own = members(options);
  const handlers = ['server', 'handlers'].reduce<Node | undefined>((at, name) => {
    const held = followed(at, source);
    return held?.type === 'ObjectExpression' ? members(held).get(name) : undefined;
  }, options);
  const answers = api && handlers?.type === 'ObjectExpression' ? members(handlers).get('GET') : undefined;
  const before = [...own].flatMap(([name, value]) => (BEFORE_PAGE.test(name) ? [value] : []));
  return answers ? [...before, answers] : before;
}

/** How the page, or the GET, of a file sends strangers away, and lets members in: by whatever function it learns who is there. */
export function sentByHandler(
  source: SourceFile,
  { path, api }: FileRoute,
  sources: readonly SourceFile[],
): Evidence {
  return evidenceOf(handlersIn(source, api), { path, source, sources });
}

/** Whether the page, or the GET, of a file is for a few of the members alone, who are in some trouble. */
export const isForOthers = (source: SourceFile, { path, api }: FileRoute, sources: readonly SourceFile[]) =>
  sendsMembersAway(handlersIn(source, api), { path, source, sources });

/** @param isFront they stand before many pages: what they let some strangers pass says nothing of one of them */
function evidenceOf(
  handlers: readonly Node[],
  place: Parameters<typeof handlersSendAway>[1],
  isFront = false,
): Evidence {
  const sent = handlersSendAway(isFront ? { front: handlers, own: [] } : { front: [], own: handlers }, place);
  return { session: Boolean(sent), redirect: sent === 'redirect', refusal: sent === 'refuse' };
}

/** Their order is that of a file of React Router: what is exported whole is its component. */
const without = (source: SourceFile, own: readonly Node[]): Node[] => {
  const body = source.tree.type === 'File' ? source.tree.program.body : [];
  const whole = body.flatMap((each) =>
    each.type === 'ExportDefaultDeclaration' ? [each.declaration as Node] : [],
  );
  return own.filter((each) => !whole.includes(each));
};

/**
 * How a route of a table of routes sends strangers away, and what stands around it. For an address without a page React Router runs
 * the loader of that one alone, and the middleware of all (reactrouter.com, Resource Routes).
 */
export function sentInTable(
  { path, source: file, above = [], isApi: forPrograms }: Listed,
  sources: readonly SourceFile[],
  guards: Guards,
): Evidence[] {
  const isApi = forPrograms === true;
  const read = (name: string) => sources.filter((each) => each.file === name);
  const own = read(file).flatMap((source) => [
    evidenceIn(source.tree, guards),
    sentByHandler(source, { path, api: isApi }, sources),
  ]);
  const around = above.flatMap(read).flatMap((source, at) => {
    const handlers = without(source, handlersIn(source, isApi, isApi ? MIDDLEWARE : BEFORE_PAGE));
    const sent = evidenceOf(handlers, { path, source, sources }, at === 0);
    // What stands around all pages looks at the address first.
    return isApi || at === 0 ? [sent] : [sent, evidenceIn(source.tree, guards)];
  });
  const isSent = ({ session, redirect, refusal }: Evidence) => session && (redirect || refusal);
  return [
    ...own,
    ...around.filter(isSent).map((each) => (isApi ? each : { ...each, redirect: true, refusal: false })),
  ];
}

const LAYOUT = /^(.*\/)(?:layout|template|\+layout(?:\.server)?)\.[jt]sx?$/;

/** Whether one file stands around the page of another one: `_authed.tsx` around `_authed.orders.tsx` and `_authed/orders.tsx`. */
function isAround(layout: SourceFile, page: string): boolean {
  const folder = LAYOUT.exec(layout.file)?.[1];
  if (folder !== undefined) return page.startsWith(folder);
  const own = flatSteps(layout)?.filter((step) => !/^(?:route|layout)$/.test(step));
  const inner = page.replace(/^(?:app|src)\/routes\/|\.[jt]sx?$/g, '').split(/[./]/);
  return (
    own !== undefined &&
    /^(?:app|src)\/routes\//.test(page) &&
    (own.join() === '__root' || (inner.length > own.length && own.every((step, at) => inner[at] === step)))
  );
}

/** The layouts above a page that send strangers away: what is below them is meant for members. */
export function layoutsAbove(
  page: string,
  path: string,
  sources: readonly SourceFile[],
  guards: Guards,
): Evidence[] {
  return sources
    .filter((each) => each.file !== page && isAround(each, page))
    .flatMap((layout) => [
      evidenceIn(layout.tree, guards),
      sentByHandler(layout, { path, api: false }, sources),
    ])
    .filter(({ session, redirect, refusal }) => session && (redirect || refusal))
    .map((each) => ({ ...each, redirect: true, refusal: false }));
}

const APP = /^(?:src\/)?pages\/_app\.[jt]sx?$/;

/**
 * Whether a page says by a member of its own that it is for members, and the component around all pages asks for a session then:
 * `Desk.auth = true`, and `Component.auth ? <Auth>…</Auth> : …` in pages/_app (next-auth.js.org, Client API, Custom Client Session
 * Handling).
 */
export function marksItself(page: SourceFile, sources: readonly SourceFile[]): boolean {
  const app = sources.find(({ file }) => APP.test(file));
  if (!app || !/^(?:src\/)?pages\//.test(page.file)) return false;
  const asks = /useSession\(\s*\{[^}]*\brequired\s*:\s*true/;
  const near = [...app.imports.values()].flatMap(({ from }) => app.links?.fileOf(from, app)?.text ?? []);
  if (![app.text, ...near].some((text) => asks.test(text))) return false;
  const names = [...app.text.matchAll(/\bComponent\.(\w+)/g)].flatMap(([, name]) => name ?? []);
  return names.some((name) => new RegExp(`\\b[A-Z]\\w*\\.${name}\\s*=\\s*(?:true\\b|\\{)`).test(page.text));
}

/** Middleware of a page of Nuxt: `['auth', 'paid']`, by their names, and functions that stand there. */
const middlewareIn = (node: Node | undefined): Node[] =>
  node?.type === 'ArrayExpression' ? node.elements.flatMap((each) => each ?? []) : node ? [node] : [];

/**
 * Whether a page of Nuxt asks for a session: `definePageMeta({ middleware: 'sidebase-auth' })` (`'auth'` in older
 * versions), a middleware of its own, or every page with `globalAppMiddleware`, but for `auth: false` (@sidebase/nuxt-auth,
 * Protecting Pages).
 */
export function nuxtGuards(page: SourceFile, path: string, sources: readonly SourceFile[]): boolean {
  const meta = pageMeta(page);
  const auth = meta.get('auth');
  if (auth?.type === 'BooleanLiteral' && !auth.value) return false;
  if (/unauthenticatedOnly\s*:\s*true/.test(page.text)) return false;
  const given = middlewareIn(meta.get('middleware'));
  const inline = given.filter(({ type }) => /Function/.test(type));
  if (evidenceOf(inline, { path, source: page, sources }).redirect) return true;
  const names = given.flatMap((each) => (each.type === 'StringLiteral' ? [each.value] : []));
  const own = names.map((name) => ({
    name,
    source: sources.find(({ file }) => new RegExp(`^(?:app/)?middleware/${name}\\.[jt]s$`).test(file)),
  }));
  if (own.some(({ name, source }) => !source && /^(?:sidebase-)?auth$/.test(name))) return true;
  const closes = own.some(
    ({ source }) => source && sentByHandler(source, { path, api: false }, sources).redirect,
  );
  if (closes) return true;
  return sources.some(
    ({ file, text }) =>
      /^nuxt\.config\.[cm]?[jt]s$/.test(file) &&
      /globalAppMiddleware\s*:\s*(?:true|\{[^}]*isEnabled\s*:\s*true)/.test(text),
  );
}
