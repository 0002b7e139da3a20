/** What the package of an app says: package manager, scripts, framework, Auth.js version, place in a monorepo. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parse as parseJsonc } from 'jsonc-parser';
import { readGiven, readGivenJson } from '../../reports/given-file.ts';
import { ConformanceError } from '../errors.ts';
import { versionsIn } from '../targets/installed-versions.ts';
import { foldersOf, packagesOf, workspacesIn } from './workspace.ts';

export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun';

export interface Project {
  folder: string;
  name: string;
  /** Folder of the repository (or of the workspace, or the app itself). */
  root: string;
  /** Path of the app below the root, `.` when it is the root. */
  place: string;
  manager: PackageManager;
  /** Lock file, relative to the root; undefined when there is none. */
  lock?: string;
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  /** Auth.js package that the app uses, and its version. */
  library: {
    name: string;
    version: string;
    family: 'v4' | 'v5';
    /** Package of the monorepo that depends on it, below the root, where the app itself does not. */
    place?: string;
  };
  framework:
    | 'next'
    | 'express'
    | 'sveltekit'
    | 'hono'
    | 'astro'
    | 'qwik'
    | 'solid-start'
    | 'nuxt'
    | 'tanstack-start'
    | 'react-router'
    | 'remix'
    | 'other';
  /** Its tsconfig.json finds our types and does not check them, so that a typed config file is safe. */
  typescript: boolean;
  /** Its files are modules, by its package.json. */
  isModule: boolean;
  /** `authjs-conformance` can be imported by the app. */
  installed: boolean;
}

interface Manifest {
  name?: string;
  type?: string;
  packageManager?: string;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  workspaces?: string[] | { packages?: string[] };
}

const LOCKS: [string, PackageManager][] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
];

/** Auth.js packages, the most telling first. */
const AUTH_PACKAGES: [string, Project['framework']][] = [
  ['@auth/sveltekit', 'sveltekit'],
  ['@auth/express', 'express'],
  ['@hono/auth-js', 'hono'],
  ['auth-astro', 'astro'],
  ['@auth/qwik', 'qwik'],
  ['@auth/solid-start', 'solid-start'],
  ['@sidebase/nuxt-auth', 'nuxt'],
  ['next-auth', 'next'],
  // The community's package for TanStack Start and SolidStart (https://github.com/birkskyum/start-authjs).
  ['start-authjs', 'other'],
  ['@auth/core', 'other'],
];

function manifestIn(folder: string): Manifest | undefined {
  const file = path.join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  try {
    return readGivenJson(file) as Manifest;
  } catch (error) {
    throw new ConformanceError({
      code: 'CONF_PACKAGE_UNREADABLE',
      what: `${file} could not be read: ${(error as Error).message}`,
      expected: 'the package.json of your app, as JSON',
      remedy: 'mend the file, then run init again.',
    });
  }
}

/** The folder and all above it. */
function upwards(folder: string): string[] {
  const above = path.dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
}

/**
 * Reads the package of the app in a folder.
 *
 * @throws ConformanceError CONF_PACKAGE_MISSING, CONF_PACKAGE_UNREADABLE or CONF_AUTHJS_MISSING
 */
export function readProject(folder: string): Project {
  const manifest = manifestIn(folder);
  if (!manifest) {
    throw new ConformanceError({
      code: 'CONF_PACKAGE_MISSING',
      what: `there is no package.json in ${folder}`,
      expected: 'the folder of an app that uses Auth.js',
      remedy: 'go to the folder of your app first, or name it: `npx authjs-conformance init --cwd apps/web`.',
    });
  }
  const dependencies = { ...manifest.devDependencies, ...manifest.dependencies };
  const holder = holderOfAuth(folder, dependencies);
  if (!holder) throw withoutAuth(folder, manifest);
  const [name, framework] = libraryOf(holder.auth, holder.dependencies);
  const version =
    versionsIn(holder.folder)[name] ?? (holder.dependencies[name] as string).replace(/^[\^~>=v\s]+/, '');

  const places = upwards(folder);
  const repository = places.find((place) => existsSync(path.join(place, '.git')));
  const inside = repository ? places.slice(0, places.indexOf(repository) + 1) : places;
  const workspace = inside
    .slice(1)
    .find((place) => existsSync(path.join(place, 'pnpm-workspace.yaml')) || manifestIn(place)?.workspaces);
  const locked = inside.flatMap((place) =>
    LOCKS.filter(([file]) => existsSync(path.join(place, file))).map(([file, manager]) => ({
      file: path.join(place, file),
      manager,
    })),
  )[0];
  const root = repository ?? workspace ?? folder;
  const declared = /^(npm|pnpm|yarn|bun)@/.exec(
    manifest.packageManager ?? (workspace ? manifestIn(workspace)?.packageManager : '') ?? '',
  )?.[1] as PackageManager | undefined;
  const ours = places
    .map((place) => path.join(place, 'node_modules/authjs-conformance/package.json'))
    .find((file) => existsSync(file));
  return {
    folder,
    name: manifest.name ?? path.basename(folder),
    root,
    place: slashed(path.relative(root, folder)) || '.',
    manager: locked?.manager ?? declared ?? 'npm',
    lock: locked && slashed(path.relative(root, locked.file)),
    scripts: manifest.scripts ?? {},
    dependencies,
    library: {
      name,
      version,
      family: name === 'next-auth' && version.startsWith('4.') ? 'v4' : 'v5',
      ...(holder.folder !== folder && { place: slashed(path.relative(root, holder.folder)) }),
    },
    framework: framework === 'other' ? frameworkOf(dependencies) : framework,
    typescript: takesTypes(folder) && !(ours && isOfSources(ours)),
    isModule: manifest.type === 'module',
    installed: ours !== undefined,
  };
}

const authIn = (dependencies: Record<string, string>) => AUTH_PACKAGES.find(([name]) => name in dependencies);

/** The app, or the package of its monorepo, that depends on Auth.js. */
function holderOfAuth(folder: string, dependencies: Record<string, string>) {
  for (const holder of [{ folder, dependencies }, ...packagesOf(folder)]) {
    const auth = authIn(holder.dependencies);
    if (auth) return { ...holder, auth };
  }
  return undefined;
}

/** Nuxt's module stands on next-auth, which it wants beside it: that is the library, and its version decides. */
const libraryOf = (
  auth: (typeof AUTH_PACKAGES)[number],
  dependencies: Record<string, string>,
): (typeof AUTH_PACKAGES)[number] =>
  auth[1] === 'nuxt' && 'next-auth' in dependencies ? ['next-auth', 'nuxt'] : auth;

/** A type check of the app must not fail because of the config file: what is not certain counts as no. */
function takesTypes(folder: string): boolean {
  const file = path.join(folder, 'tsconfig.json');
  if (!existsSync(file)) return false;
  try {
    const {
      moduleResolution = '',
      module = '',
      skipLibCheck,
    } = parseJsonc(readGiven(file))?.compilerOptions ?? {};
    return skipLibCheck === true && /^(bundler|node16|nodenext)$/i.test(moduleResolution || module);
  } catch {
    return false;
  }
}

/** Whether our package is a link to a checkout, whose sources a type check of the app would check as its own. */
function isOfSources(ours: string): boolean {
  try {
    const { exports = {} } = JSON.parse(readGiven(ours)) as { exports?: Record<string, unknown> };
    return typeof exports['.'] === 'string' && exports['.'].endsWith('.ts');
  } catch {
    return false;
  }
}

const slashed = (file: string) => file.split(path.sep).join('/');

/** Packages of several frameworks, and `@auth/core` alone: the framework is told by its own package. */
const frameworkOf = (dependencies: Record<string, string>): Project['framework'] =>
  (
    [
      ['next', 'next'],
      ['@sveltejs/kit', 'sveltekit'],
      ['@tanstack/react-start', 'tanstack-start'],
      ['@tanstack/solid-start', 'tanstack-start'],
      ['@react-router/node', 'react-router'],
      ['@react-router/serve', 'react-router'],
      ['@remix-run/node', 'remix'],
      ['@remix-run/serve', 'remix'],
      ['hono', 'hono'],
      ['astro', 'astro'],
      ['express', 'express'],
      ['nuxt', 'nuxt'],
      ['@solidjs/start', 'solid-start'],
      ['@builder.io/qwik-city', 'qwik'],
    ] as const
  ).find(([name]) => name in dependencies)?.[1] ?? 'other';

/**
 * Frameworks that Auth.js publishes no package for, and what is possible there (https://authjs.dev/getting-started/integrations;
 * nextauthjs/next-auth pull request 6767 for Remix was never merged).
 */
function withoutPackage({ dependencies, devDependencies }: Manifest): string | undefined {
  const all = { ...devDependencies, ...dependencies };
  const framework = frameworkOf(all);
  const core = 'Auth(request, config) of @auth/core';
  const other = 'remix-auth' in all ? ' remix-auth is another library, which is not judged here.' : '';
  if (framework === 'tanstack-start')
    return `Auth.js publishes no package for TanStack Start: start-authjs of its community, or ${core}, answers GET and POST in src/routes/api/auth/$.ts.`;
  if (framework === 'remix' || framework === 'react-router')
    return `Auth.js publishes no package for Remix and React Router: ${core} answers loader and action of a resource route, such as app/routes/auth.$.tsx.${other}`;
  return undefined;
}

/** Folders of a monorepo whose package is started and uses Auth.js, relative to its root. */
const appsBelow = (root: string): string[] =>
  foldersOf(root).flatMap((folder) => {
    const { dependencies = {}, devDependencies = {}, scripts = {} } = manifestIn(folder) ?? {};
    return ('start' in scripts || 'dev' in scripts) &&
      holderOfAuth(folder, { ...devDependencies, ...dependencies })
      ? [slashed(path.relative(root, folder))]
      : [];
  });

function withoutAuth(folder: string, manifest: Manifest): ConformanceError {
  const monorepo = workspacesIn(folder);
  return new ConformanceError({
    code: 'CONF_AUTHJS_MISSING',
    what: `${path.join(folder, 'package.json')} names no Auth.js package`,
    expected: `one of ${AUTH_PACKAGES.map(([name]) => name).join(', ')} among its dependencies`,
    remedy:
      withoutPackage(manifest) ??
      (monorepo
        ? `this is the root of a monorepo (${monorepo.join(', ')}): name the folder of the app, such as \`npx authjs-conformance init --cwd ${appsBelow(folder)[0] ?? 'apps/web'}\`.`
        : 'go to the folder of the app that signs people in, or name it with --cwd.'),
  });
}

/** A script of package.json as the package manager runs it. */
export const scriptCommand = (manager: PackageManager, script: string): string =>
  manager === 'npm' ? (script === 'start' ? 'npm start' : `npm run ${script}`) : `${manager} run ${script}`;
