/** The packages of a monorepo that an app is made of: Auth.js is often set up in one of them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse as parseYaml } from 'yaml';

export interface WorkspacePackage {
  name: string;
  folder: string;
  dependencies: Record<string, string>;
}

interface Manifest {
  name?: string;
  workspaces?: string[] | { packages?: string[] };
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** A manifest that cannot be read is no package here; of the app's own one, `readProject` says so. */
function read(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Patterns of the packages of a workspace: `apps/*`; undefined when a folder is the root of none. */
export function workspacesIn(folder: string): string[] | undefined {
  const file = path.join(folder, 'pnpm-workspace.yaml');
  if (existsSync(file))
    try {
      return [
        (parseYaml(readFileSync(file, 'utf8')) as { packages?: string[] } | null)?.packages ?? [],
      ].flat();
    } catch {
      return [];
    }
  const { workspaces } = read(folder) ?? {};
  return Array.isArray(workspaces) ? workspaces : workspaces?.packages;
}

/** Folders of a pattern: a path whose steps may be `*`; `**` stands for two steps at most. */
function expand(root: string, pattern: string): string[] {
  if (pattern.includes('**'))
    return ['', '/*'].flatMap((steps) => expand(root, pattern.replace(/\/?\*\*/, `/*${steps}`)));
  return pattern
    .split('/')
    .filter((step) => step && step !== '.')
    .reduce<string[]>(
      (places, step) =>
        places.flatMap((place) =>
          step.includes('*')
            ? foldersIn(place)
            : existsSync(path.join(place, step))
              ? [path.join(place, step)]
              : [],
        ),
      [root],
    );
}

const foldersIn = (place: string) =>
  readdirSync(place, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
    .map(({ name }) => path.join(place, name));

const allOf = ({ dependencies, devDependencies }: Manifest) => ({ ...devDependencies, ...dependencies });

/** Folders of the packages of a workspace. */
export const foldersOf = (root: string): string[] =>
  (workspacesIn(root) ?? [])
    .filter((pattern) => !pattern.startsWith('!'))
    .flatMap((pattern) => expand(root, pattern));

/** The nearest folder above an app that names workspaces. */
function rootOf(folder: string): string | undefined {
  const above = path.dirname(folder);
  if (above === folder) return undefined;
  return workspacesIn(above) ? above : rootOf(above);
}

/** Packages of the same workspace that an app depends on, the nearest first. */
export function packagesOf(folder: string): WorkspacePackage[] {
  const workspace = rootOf(folder);
  if (!workspace) return [];
  const all = new Map(
    foldersOf(workspace).flatMap((place) => {
      const manifest = read(place);
      return manifest?.name ? [[manifest.name, { folder: place, manifest }] as const] : [];
    }),
  );
  const found = new Map<string, WorkspacePackage>();
  const visit = (dependencies: Record<string, string>): void => {
    const next = Object.keys(dependencies).flatMap((name) => {
      const entry = all.get(name);
      return entry && entry.folder !== folder && !found.has(entry.folder) ? [{ name, ...entry }] : [];
    });
    for (const entry of next)
      found.set(entry.folder, {
        name: entry.name,
        folder: entry.folder,
        dependencies: allOf(entry.manifest),
      });
    for (const { manifest } of next) visit(allOf(manifest));
  };
  visit(allOf(read(folder) ?? {}));
  return [...found.values()];
}
