/** The variables of an app: what its framework needs, what names its own address, and what nobody sets. */
import { readEnvFiles, setIn } from './env-files.ts';
import type { Plan } from './plan-type.ts';
import type { Project } from './project.ts';
import type { Start } from './start.ts';
import type { SourceFile } from './syntax.ts';
import { environmentNames } from './texts.ts';

/** Variables that a framework needs to know its own origin (facts: authjs.md, Origin / host rules). */
export function frameworkEnvironment(
  project: Project,
  basePath: string | undefined,
  start: Start,
): Record<string, string> {
  const env: Record<string, string> = {};
  if (start.portName) env[start.portName] = '{port}';
  if (project.framework === 'sveltekit') env.ORIGIN = '{origin}';
  if (project.framework === 'hono') env.AUTH_URL = `{origin}${basePath ?? '/api/auth'}`;
  if (project.framework === 'nuxt') {
    env.AUTH_ORIGIN = `{origin}${basePath ?? '/api/auth'}`;
    env.NUXT_TELEMETRY_DISABLED = '1';
  }
  if (project.framework === 'qwik') env.ORIGIN = '{origin}';
  if (project.framework === 'next') env.NEXT_TELEMETRY_DISABLED = '1';
  if (project.framework === 'astro') env.ASTRO_TELEMETRY_DISABLED = '1';
  return env;
}

const ORIGIN_NAME =
  /^(NEXT_PUBLIC_|PUBLIC_|VITE_)?(APP|BASE|SITE|WEB|SERVER|HOST|PUBLIC|ROOT|(?:APP|PUBLIC|SITE)_BASE)_?(URL|ORIGIN)$|^ORIGIN$/;

/** Variables that look like the app's own address, and the ones of Auth.js that a .env file sets to another one. */
export function planOrigins(plan: Plan, sources: readonly SourceFile[], env: Record<string, string>): void {
  const { guessed, found, project } = plan;
  const names = new Set(sources.flatMap(environmentNames));
  for (const name of names) {
    if (!ORIGIN_NAME.test(name) || env[name]) continue;
    env[name] = '{origin}';
    guessed.push({ key: `target.env.${name}`, text: 'taken for the address of the app' });
  }
  if (project.library.family === 'v4') return; // gets its NEXTAUTH_URL anyway
  const files = readEnvFiles(project.folder);
  for (const name of ['AUTH_URL', 'NEXTAUTH_URL']) {
    const set = setIn(files, name);
    if (!set || env[name] || !URL.canParse(set.value)) continue;
    env[name] = `{origin}${new URL(set.value).pathname.replace(/\/$/, '')}`;
    found.push(`${name} in ${set.file} names a fixed address; a run replaces it`);
  }
  // Auth.js does without it; a guard of the app's own that compares origins does not.
  if (!names.has('AUTH_URL') || env.AUTH_URL) return;
  env.AUTH_URL = '{origin}';
  found.push('the sources read AUTH_URL themselves; a run sets it');
}

const SET_BY_US =
  /^(PORT|HOST|HOSTNAME|NODE_ENV|CI|AUTH_(SECRET|TRUST_HOST|URL|LOGTO_\w+|REDIRECT_PROXY_URL)|NEXTAUTH_(URL|SECRET)|NEXT_\w+|VERCEL\w*|DEV|PROD|MODE|SSR|npm_\w+)$/;

/** Variables that the app reads and nobody sets. */
export function sayUnset(
  { project, missing }: Plan,
  sources: readonly SourceFile[],
  env: Record<string, string>,
): void {
  const files = readEnvFiles(project.folder);
  const unset = [...new Set(sources.flatMap(environmentNames))].filter(
    (name) => !SET_BY_US.test(name) && !env[name] && !setIn(files, name),
  );
  if (unset.length)
    missing.push({
      key: 'target.env',
      text: `the app also reads ${unset.join(', ')}, which nothing here sets; add those it cannot do without`,
    });
}
