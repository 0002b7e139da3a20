/** Facts about the lab for the report; the reporter reads them from a file, because it lives in another process. */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Finding, Report } from '../../reports/model.ts';
import { profileOf } from '../../reports/profiles.ts';
import { advisoriesOf } from '../advisories/affected.ts';
import { clauses } from '../check/clauses.ts';
import { namedOrigins } from '../check/doors/elsewhere.ts';
import { liveKinds } from '../check/live-kinds.ts';
import { shippedCatalogue } from '../check/shipped-catalogue.ts';
import { VERSION } from '../config/defaults.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { loosenedBy } from '../config/loosened.ts';
import { FLOWS, REQUIRED_TYPES, USAGE_TYPES } from '../connector/usage-types.ts';
import { optionPlaces } from '../init/option-places.ts';
import { readSources } from '../init/sources.ts';
import { sandboxNote } from '../lab/browser.ts';
import { browserOf } from '../lab/browser-version.ts';
import type { Lab } from '../lab/lab.ts';
import { issuerOriginsIn } from '../lab/lab-description.ts';
import { reaches, reasonOf, type Usage, usageRows } from '../lab/usage.ts';
import { lackedBy, type Uses } from '../live/abilities.ts';
import { devServerOf } from '../targets/dev-server.ts';
import { versionsIn } from '../targets/installed-versions.ts';

/** Logto takes the Generic template where a later type has none of its own; without one of the first four it refuses the config. */
function templateStates(
  templates: readonly { usageType?: string }[],
): NonNullable<Report['connector']>['templates'] {
  const has = (type: string) => templates.some(({ usageType }) => usageType === type);
  return Object.fromEntries(
    USAGE_TYPES.map((type) => [
      type,
      has(type)
        ? 'covered'
        : has('Generic') && !REQUIRED_TYPES.some((each) => each === type)
          ? 'falls back to Generic'
          : 'missing',
    ]),
  );
}

function commitOf(folder: string): string | undefined {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}

/** A file of the app as code hosts name it: relative to the root of its repository, or else to the working folder. */
export function fromRepository(folder: string, file: string): string {
  const place = path.resolve(folder, file);
  let root = path.dirname(place);
  while (!existsSync(path.join(root, '.git')) && path.dirname(root) !== root) root = path.dirname(root);
  if (!existsSync(path.join(root, '.git'))) root = process.cwd();
  return path.relative(root, place).split(path.sep).join('/');
}

function profileFact(name: string): Report['profile'] {
  const { title, levels, frozen } = profileOf(name);
  return { name, title, frozen, checks: levels.size };
}

/** Where the options of Auth.js stand, told from the repository; nothing for an app whose sources cannot be read. */
function placesIn(folder: string): NonNullable<Report['target']['options']> {
  try {
    return Object.fromEntries(
      Object.entries(optionPlaces(readSources(folder))).map(([option, { file, line }]) => [
        option,
        { file: fromRepository(folder, file), line },
      ]),
    );
  } catch {
    return {};
  }
}

/** What the folder of an app tells, and its repository. */
function lookAt({ config, folder }: LoadedConfig, { sources }: { sources: boolean }) {
  const app = path.resolve(folder, config.target.cwd ?? '.');
  const { command } = config.target;
  return {
    versions: command ? versionsIn(app) : {},
    devServer: command && devServerOf(command, app),
    advisories: command ? advisoriesOf(app) : undefined,
    options: command && sources ? placesIn(app) : undefined,
    commit: commitOf(app),
  };
}

const looked = new WeakMap<LoadedConfig, ReturnType<typeof lookAt>>();

/** Looks for the report at what does not change in a run any more, once its app is built: while others are busy. */
export function lookAhead(loaded: LoadedConfig): void {
  looked.set(loaded, lookAt(loaded, { sources: true }));
}

/** The origins that the sources of an app name. */
function namedIn(routes: Parameters<typeof namedOrigins>[0]): { namedOrigins?: string[] } {
  const named = namedOrigins(routes);
  return named.length ? { namedOrigins: named } : {};
}

/** Facts that are known before, or without, a lab. */
export function factsOf(options: {
  loaded?: LoadedConfig;
  lab?: Lab;
  findings?: Finding[];
  startedAt?: string;
  /** Entries of the known-failures file. */
  known?: number;
  /** The checks that are asked for, where only some are. */
  checks?: readonly Uses[];
}): Partial<Report> {
  const { loaded, lab, findings = [] } = options;
  const config = loaded?.config;
  const folder = loaded ? path.resolve(loaded.folder, config?.target.cwd ?? '.') : process.cwd();
  const seen = loaded && (looked.get(loaded) ?? lookAt(loaded, { sources: lab !== undefined }));
  const app = lab?.description.app;
  const also = lab?.description.also;
  const templates = (lab?.description.connector.config.templates ?? []) as { usageType?: string }[];
  return {
    tool: { name: 'authjs-conformance', version: VERSION },
    ...(options.startedAt && { startedAt: options.startedAt }),
    target: {
      name: config?.target.name ?? path.basename(folder),
      origin: app?.origin ?? config?.target.url,
      basePath: app?.basePath,
      provider: config?.target.provider,
      library: app && (app.family === 'v4' ? 'next-auth v4' : 'Auth.js v5'),
      ...(app?.ways && { ways: app.ways }),
      ...(also && {
        also: {
          name: also.config.target.name ?? 'the second app',
          origin: also.app.origin,
          library: also.app.family === 'v4' ? 'next-auth v4' : 'Auth.js v5',
        },
      }),
      framework: config?.target.framework,
      ...(seen?.devServer && { devServer: seen.devServer }),
      versions: seen?.versions ?? {},
      features: config?.features ?? [],
      ...(config && {
        declared: {
          issuerOrigins: lab ? issuerOriginsIn(lab.description) : [],
          features: config.features,
          // Laws look at the exchanges of both apps.
          scopes: also && config.scopes ? [...config.scopes, ...(also.config.scopes ?? [])] : config.scopes,
          directories: config.pages.directories,
          profiles: config.pages.profiles,
          ...namedIn(lab?.description.routes),
          userMembers: [config, also?.config].flatMap((each) => (each ? Object.keys(each.profile) : [])),
          sessionMembers: [...config.session.fields, ...(also?.config.session.fields ?? [])],
          sessionCookie: config.session.cookie,
          ...(lab?.description.live && { lacks: lackedBy(lab.description.live.abilities) }),
        },
      }),
      ...(lab && seen?.options && { options: seen.options }),
      ...nobodySignsIn(lab?.description.usage),
      ...(config?.target.authFile && { authFile: fromRepository(folder, config.target.authFile) }),
    },
    environment: {
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      browser:
        lab &&
        browserOf(lab.description.browser) &&
        `${browserOf(lab.description.browser)}${sandboxNote(lab.description.browser)}`,
      ci: process.env.GITHUB_ACTIONS
        ? 'GitHub Actions'
        : process.env.GITLAB_CI
          ? 'GitLab CI'
          : process.env.CI
            ? 'CI'
            : undefined,
      commit: seen ? seen.commit : commitOf(folder),
    },
    ...(lab && {
      connector: {
        name: lab.description.connector.name,
        version: versionOf(lab.description.connector.name),
        templates: templateStates(templates),
        flows: FLOWS,
      },
    }),
    ...(seen?.advisories && { advisories: seen.advisories }),
    strict: config?.strict ?? false,
    ...(config && { profile: profileFact(config.certification.profile) }),
    clauses,
    findings,
    ...(lab && config && { usage: usageRows(config.features, lab.description.usage) }),
    ...(lab?.description.live && {
      live: {
        issuer: lab.description.issuer,
        codes: lab.description.live.codes,
        ...liveKinds(options.checks ?? shippedCatalogue(), lab.description.live.abilities),
      },
    }),
    ...(config && { loosened: loosenedBy(config, options.known) }),
    targetLog: lab?.log.tail(40) ?? [],
  };
}

const nobodySignsIn = (usage?: Usage): { nobodySignsIn?: string } =>
  usage && !reaches(usage, 'session') ? { nobodySignsIn: reasonOf(usage) } : {};

function versionOf(name: string): string {
  for (const place of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    try {
      return JSON.parse(readFileSync(path.join(place, name, 'package.json'), 'utf8')).version;
    } catch {
      // a path, or not in this node_modules
    }
  }
  return 'unknown';
}

/** The facts are written beside the lab description. */
export const factsFileOf = (labFile: string): string => path.join(path.dirname(labFile), 'facts.json');

/** Writes the facts beside the lab description; returns the file. */
export function writeFacts(options: {
  lab: Lab;
  loaded: LoadedConfig;
  findings?: Finding[];
  startedAt?: string;
  known?: number;
  checks?: readonly Uses[];
}): string {
  const file = factsFileOf(options.lab.file);
  writeFileSync(file, JSON.stringify(factsOf(options)), { mode: 0o600 });
  return file;
}
