/** From what was read to a config: what was found, what was guessed, what a person must fill in. */
import { existsSync } from 'node:fs';
import { ConformanceError } from '../errors.ts';
import { USUAL_BASE_PATHS } from '../targets/discover.ts';
import { findAuthSetup } from './auth-setup.ts';
import { mountPath, nextBasePath } from './base-path.ts';
import { spokenPath } from './file-routes.ts';
import type { Listed } from './folder-routes.ts';
import { localeOf } from './languages.ts';
import { listedRoutes } from './listed-routes.ts';
import { chooseProvider, planAuth, sayCoreAlone } from './plan-auth.ts';
import { frameworkEnvironment, planOrigins, sayUnset } from './plan-environment.ts';
import { type Plan, target } from './plan-type.ts';
import { findProcedures, ownQueries } from './procedures.ts';
import { type Project, readProject } from './project.ts';
import { findRoutes } from './routes.ts';
import { readSources } from './sources.ts';
import { type Start, startOf } from './start.ts';
import type { SourceFile } from './syntax.ts';

/**
 * Looks at the app in a folder.
 *
 * @throws ConformanceError CONF_PACKAGE_MISSING, CONF_PACKAGE_UNREADABLE, CONF_AUTHJS_MISSING
 */
export function planFor(folder: string): Plan {
  if (!existsSync(folder)) {
    throw new ConformanceError({
      code: 'CONF_TARGET_FOLDER',
      what: `there is no folder ${folder}`,
      expected: 'the folder of the app (--cwd)',
      remedy: 'correct the path.',
    });
  }
  const project = readProject(folder);
  const sources = readSources(folder);
  const setup = findAuthSetup(sources);
  const start = startOf(project, sources);
  const plan: Plan = { project, config: { target: {} }, found: [], guessed: [], missing: [] };
  sayProject(plan);
  planStart(plan, start);
  const basePath = setup?.basePath ?? mountPath(sources);
  const env = frameworkEnvironment(project, basePath, start);
  const provider = setup && chooseProvider(plan, setup);
  if (setup && provider) {
    planAuth(plan, setup, provider, env);
    sayCoreAlone(plan, setup, provider, sources);
  } else if (!setup) {
    plan.missing.push({
      key: 'target.env',
      text: 'no list of Auth.js providers was found in the sources: name the variables your app reads its issuer, client id and secret from, such as { OIDC_ISSUER: "{issuer}" }, unless they are AUTH_LOGTO_*',
    });
  }
  planBasePath(plan, basePath);
  planOrigins(plan, sources, env);
  if (Object.keys(env).length) plan.config.target = { ...plan.config.target, env };
  plan.config.target = { ...plan.config.target, framework: frameworkName(project, sources) };
  planRoutes(plan, sources);
  sayUnset(plan, sources, env);
  return plan;
}

/** The usual paths are found by asking; another one is written down. */
function planBasePath(plan: Plan, basePath: string | undefined): void {
  if (!basePath) return;
  plan.found.push(`Auth.js answers at ${basePath}`);
  if (!USUAL_BASE_PATHS.includes(basePath)) target(plan).basePath = basePath;
}

function sayProject({ project, found, config }: Plan): void {
  const { library, lock, manager, place } = project;
  config.target = { name: project.name.replace(/^@[^/]*\//, '') };
  found.push(
    `${library.name} ${library.version} (Auth.js ${library.family}) in ${library.place ? `${library.place}/` : ''}package.json`,
  );
  found.push(lock ? `${manager}, by ${lock}` : `${manager} (no lock file)`);
  if (place !== '.') found.push(`the app is in ${place} of its repository`);
}

function planStart(plan: Plan, { command, prepare, port, portName, development }: Start): void {
  if (!command) {
    plan.missing.push({
      key: 'target.command',
      text: 'package.json has no script start, serve, preview or dev: say how the app is started',
    });
    target(plan).command = 'npm start';
    return;
  }
  Object.assign(target(plan), { ...(prepare && { prepare }), command, ...(port && { port }) });
  plan.found.push(`it is started by \`${command}\`${prepare ? `, after \`${prepare}\`` : ''}`);
  if (development)
    plan.guessed.push({
      key: 'target.command',
      text: 'only a development server was found; certify the production build when you have one',
    });
  if (port) plan.found.push(`it always listens on port ${port}`);
  else if (portName) plan.found.push(`it listens on the port in ${portName}`);
}

function planRoutes({ config, guessed, missing, project }: Plan, sources: readonly SourceFile[]): void {
  const { routes: listed, own, unread, isEmpty } = listedRoutes(project.folder, sources);
  const routes = findRoutes(sources, listed, own);
  routes.api.push(
    ...ownQueries(
      findProcedures(
        sources,
        listed.map(({ path }) => path),
      ),
    ),
  );
  // Qwik City redirects to addresses that end with a slash, unless it is told not to.
  const slash =
    project.framework === 'qwik' && !sources.some(({ text }) => /trailingSlash\s*:\s*false/.test(text));
  if (slash) routes.protected = routes.protected.map((path) => (path.endsWith('/') ? path : `${path}/`));
  const base = nextBasePath(sources);
  const below = (path: string) => (base ? base + (path === '/' ? '' : path) : path);
  for (const kind of ['protected', 'api'] as const) routes[kind] = routes[kind].map(below);
  const home = base && below(homeOf(listed, sources));
  config.pages = {
    ...config.pages,
    ...(home && { home }),
    ...(routes.protected.length && { protected: routes.protected }),
    ...(routes.api.length && { api: routes.api }),
  };
  if (routes.protected.length || routes.api.length)
    guessed.push({
      key: 'pages',
      text: `these need a session: ${[...routes.protected, ...routes.api].join(', ')}`,
    });
  if (Object.keys(config.pages).length === 0) delete config.pages;
  if (unread.length)
    missing.push({
      key: 'pages',
      text: `paths of the app stand in ${unread.join(', ')} and could not be read there: name those that need a session, and all others in pages.paths`,
    });
  if (!routes.protected.length)
    missing.push({
      key: 'pages.protected',
      text: `no page that needs a session was recognised: name one, or the checks of protected pages are not applicable${isEmpty ? '; no path of the app could be read at all: name what else it answers in pages.paths (`POST /…` where it takes posts)' : ''}`,
    });
}

/** The page at the root, or the one in the language of the app where there is no other. */
function homeOf(listed: readonly Listed[], sources: readonly SourceFile[]): string {
  const paths = listed.map(({ path }) => path);
  const spoken = paths.includes('/')
    ? undefined
    : paths.find((each) => /^\/\[[^/]+\]$/.test(each) && !each.startsWith('/[...'));
  return spoken ? spokenPath(spoken, localeOf(sources)).replace(/^\/\[.*/, '/') : '/';
}

function frameworkName({ framework, library }: Project, sources: readonly SourceFile[]): string {
  if (framework === 'nuxt') return '@sidebase/nuxt-auth';
  if (framework !== 'next') return library.name;
  const app = sources.some(({ file }) => /^(src\/)?app\/(.*\/)?(page|layout|route)\.[jt]sx?$/.test(file));
  return `next-auth ${library.family}, ${app ? 'App Router' : 'Pages Router'}`;
}
