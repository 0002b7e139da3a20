/** Which Auth.js packages an app has, and in which version. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { readGivenJson } from '../../reports/given-file.ts';

const LIBRARIES = [
  'next-auth',
  '@auth/core',
  '@auth/express',
  '@auth/sveltekit',
  '@auth/qwik',
  '@auth/solid-start',
  '@hono/auth-js',
  'auth-astro',
  'start-authjs',
  'next',
  'express',
  'hono',
  '@sveltejs/kit',
  'astro',
  '@tanstack/react-start',
  '@tanstack/solid-start',
  '@react-router/node',
  '@remix-run/node',
];
/** Versions of the Auth.js packages that a folder resolves. */
export function versionsIn(folder: string): Record<string, string> {
  const require = createRequire(path.join(folder, 'noop.js'));
  const found: Record<string, string> = {};
  for (const name of LIBRARIES) {
    for (const place of require.resolve.paths(name) ?? []) {
      try {
        found[name] = (readGivenJson(path.join(place, name, 'package.json')) as { version: string }).version;
        break;
      } catch {
        // not in this node_modules: the next one up is asked
      }
    }
  }
  const declared = declaredIn(folder);
  return Object.fromEntries(
    Object.entries(found).filter(([name]) => declared.has(name) || name === '@auth/core'),
  );
}

/** The same, of packages that the folder's own package.json names. */
export function declaredVersionsIn(folder: string): Record<string, string> {
  const declared = declaredIn(folder);
  return Object.fromEntries(Object.entries(versionsIn(folder)).filter(([name]) => declared.has(name)));
}

/** The Auth.js adapter that the folder's own package.json names, such as `@auth/prisma-adapter`. */
export const adapterIn = (folder: string): string | undefined =>
  [...declaredIn(folder)].find((name) => /^@(?:next-)?auth\/.+-adapter$/.test(name));

function declaredIn(folder: string): Set<string> {
  try {
    const { dependencies = {}, devDependencies = {} } = readGivenJson(
      path.join(folder, 'package.json'),
    ) as Record<string, Record<string, string> | undefined>;
    return new Set(Object.keys({ ...dependencies, ...devDependencies }));
  } catch {
    return new Set();
  }
}
