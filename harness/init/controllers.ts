/** The controllers of NestJS, and the guards in front of them (docs.nestjs.com: Controllers, Guards, Versioning, Global prefix). */
import type { ClassDeclaration, ClassMethod, Decorator, Node } from '@babel/types';
import { guardsSendAway } from './guarded-paths.ts';
import type { Evidence } from './guards.ts';
import { calledName, keyOf, lineOf, members, resolve, type SourceFile, walk } from './syntax.ts';
import { constantOf, defaultOf } from './texts.ts';

/** What a method of a controller answers. */
export interface ControllerRoute {
  path: string;
  method: string;
  file: string;
  /** The method itself. */
  handler: ClassMethod;
  /** Guards before it, of the method, of its controller and of the app, each with the file that names it. */
  guards: { node: Node; source: SourceFile }[];
}

export interface Controllers {
  routes: ControllerRoute[];
  unread: string[];
}

const METHODS = /^(?:Get|Post|Put|Patch|Delete|All)$/;
/** What opens a method to everybody where a guard stands before all, as its name says. */
const OPENS =
  /^(?:Is)?(?:Public|AllowAnonymous|Anonymous|Unprotected|SkipAuth|NoAuth|Open)(?:Route|Access)?$/i;

const nameOf = ({ expression }: Decorator): string =>
  expression.type === 'CallExpression'
    ? calledName(expression)
    : expression.type === 'Identifier'
      ? expression.name
      : '';
const argumentsOf = ({ expression }: Decorator): Node[] =>
  expression.type === 'CallExpression' ? expression.arguments : [];
const decoratorsOf = (node: ClassDeclaration | ClassMethod): Decorator[] => node.decorators ?? [];
const named = (node: ClassDeclaration | ClassMethod, name: string) =>
  decoratorsOf(node).find((each) => nameOf(each) === name);

/** One text or several; none is the empty one. Undefined where it cannot be read. */
function textsOf(node: Node | undefined, source: SourceFile): string[] | undefined {
  if (!node) return [''];
  const value = resolve(node, source);
  const nodes = value?.type === 'ArrayExpression' ? value.elements : [value];
  const texts = nodes.map((each) => (each ? constantOf(each, source) : undefined));
  return texts.every((each) => each !== undefined) ? (texts as string[]) : undefined;
}

/** What `main.ts` says of all controllers. */
interface Settings {
  prefix: string;
  excluded: string[];
  /** Prefix of versions in addresses; undefined where those hold none. */
  version?: string;
  usual?: string;
  guards: { node: Node; source: SourceFile }[];
  unread: string[];
}

function settingsOf(sources: readonly SourceFile[]): Settings {
  const found: Settings = { prefix: '', excluded: [], guards: [], unread: [] };
  for (const source of sources)
    walk(source.tree, (node, above) => {
      if (node.type === 'CallExpression') {
        const name = calledName(node);
        const [first, second] = node.arguments;
        const options = (each: Node | undefined) => {
          const value = each && resolve(each, source);
          return value?.type === 'ObjectExpression' ? members(value) : new Map<string, Node>();
        };
        if (name === 'setGlobalPrefix') {
          const prefix = defaultOf(first, source);
          found.prefix = prefix ?? '';
          if (prefix === undefined) found.unread.push(`${source.file}:${lineOf(node)}`);
          found.excluded = textsOf(options(second).get('exclude') ?? undefined, source) ?? [];
        }
        if (name === 'enableVersioning') {
          const type = options(first).get('type');
          const isInAddress = type && 'property' in type && keyOf(type.property as Node) === 'URI';
          const prefix = constantOf(options(first).get('prefix'), source);
          if (!first || isInAddress) found.version = prefix ?? 'v';
          found.usual = textsOf(options(first).get('defaultVersion'), source)?.[0];
        }
        if (name === 'useGlobalGuards')
          found.guards.push(...node.arguments.map((each) => ({ node: each, source })));
      }
      // `{ provide: APP_GUARD, useClass: SessionGuard }`
      const guard = node.type === 'ObjectExpression' && above.length > 0 ? members(node) : undefined;
      const provided = guard?.get('provide');
      const given = guard?.get('useClass') ?? guard?.get('useExisting');
      if (provided?.type === 'Identifier' && provided.name === 'APP_GUARD' && given)
        found.guards.push({ node: given, source });
    });
  return found;
}

const joined = (...parts: string[]): string =>
  `/${parts
    .flatMap((part) => part.split('/'))
    .filter(Boolean)
    .map((part) => part.replace(/^\*\w*$/, '*'))
    .join('/')}`;

/** What a controller, or one of its methods, says of its version: `@Version('2')`, `@Controller({ version: '2' })`. */
function versionOf(given: Node | undefined, source: SourceFile): string | undefined {
  const value = given && resolve(given, source);
  // VERSION_NEUTRAL: its address holds none.
  if (value?.type === 'Identifier') return '';
  return given ? textsOf(given, source)?.[0] : undefined;
}

export function controllersIn(sources: readonly SourceFile[]): Controllers {
  const found: Controllers = { routes: [], unread: [] };
  const own = sources.filter(({ text }) => text.includes('@Controller'));
  if (own.length === 0) return found;
  const settings = settingsOf(sources);
  found.unread.push(...settings.unread);
  for (const source of own)
    for (const holder of source.classes.values())
      if (holder.type === 'ClassDeclaration') readController(holder, source, settings, found);
  return found;
}

function readController(
  holder: ClassDeclaration,
  source: SourceFile,
  settings: Settings,
  { routes, unread }: Controllers,
): void {
  const controller = named(holder, 'Controller');
  if (!controller) return;
  const [given] = argumentsOf(controller);
  const value = given && resolve(given, source);
  const options = value?.type === 'ObjectExpression' ? members(value) : undefined;
  const places = textsOf(options ? options.get('path') : given, source);
  const guardsAt = (node: ClassDeclaration | ClassMethod) =>
    decoratorsOf(node)
      .filter((each) => nameOf(each) === 'UseGuards')
      .flatMap(argumentsOf)
      .map((each) => ({ node: each, source }));
  for (const method of holder.body.body) {
    if (method.type !== 'ClassMethod') continue;
    for (const decorator of decoratorsOf(method).filter((each) => METHODS.test(nameOf(each)))) {
      const paths = textsOf(argumentsOf(decorator)[0], source);
      if (!places || !paths) {
        unread.push(`${source.file}:${lineOf(decorator)}`);
        continue;
      }
      const version =
        versionOf(
          named(method, 'Version') && argumentsOf(named(method, 'Version') as Decorator)[0],
          source,
        ) ??
        versionOf(options?.get('version'), source) ??
        settings.usual;
      const isOpen = [...decoratorsOf(method), ...decoratorsOf(holder)].some((each) =>
        OPENS.test(nameOf(each)),
      );
      const guards = [...guardsAt(method), ...guardsAt(holder), ...(isOpen ? [] : settings.guards)];
      for (const place of places)
        for (const path of paths) {
          const bare = joined(place, path);
          const isExcluded = settings.excluded.some((each) => joined(each) === bare);
          routes.push({
            path: joined(
              isExcluded ? '' : settings.prefix,
              settings.version !== undefined && version ? settings.version + version : '',
              bare,
            ),
            method: nameOf(decorator).toLowerCase(),
            file: source.file,
            handler: method,
            guards,
          });
        }
    }
  }
}

/** How the guards of a route keep strangers out. */
export function keptByGuards(
  { path, guards }: ControllerRoute,
  sources: readonly SourceFile[],
): Evidence | undefined {
  for (const { node, source } of guards) {
    const sent = guardsSendAway(node, { path, source, sources });
    if (sent) return { session: true, redirect: sent === 'redirect', refusal: sent === 'refuse' };
  }
  return undefined;
}
