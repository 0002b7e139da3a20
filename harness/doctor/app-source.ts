/** What the sources of the app under test say, for findings that name the line to change. */
import path from 'node:path';
import type { LoadedConfig } from '../config/load-config.ts';
import { type AuthSetup, findAuthSetup } from '../init/auth-setup.ts';
import { mountPath } from '../init/base-path.ts';
import type { Provider } from '../init/provider.ts';
import { readSources } from '../init/sources.ts';
import type { SourceFile } from '../init/syntax.ts';

export interface AppSource {
  setup?: AuthSetup;
  /** The provider that the config names. */
  provider?: Provider;
  /** Base path that the sources give. */
  basePath?: string;
  sources: SourceFile[];
}

/** Reads the folder of a started app; undefined for an app that is only known by its URL. */
export function readApp({ config, folder }: LoadedConfig): AppSource | undefined {
  if (!config.target.command) return undefined;
  try {
    const sources = readSources(path.resolve(folder, config.target.cwd ?? '.'));
    const setup = findAuthSetup(sources);
    return {
      sources,
      setup,
      provider: setup?.providers.find(({ id }) => id === config.target.provider),
      basePath: setup?.basePath ?? mountPath(sources),
    };
  } catch {
    return undefined;
  }
}

/** `auth.ts:12`, or the words for an app whose sources are not at hand. */
export const placeOf = (app: AppSource | undefined): string =>
  app?.provider
    ? `${app.provider.file}:${app.provider.line}`
    : app?.setup
      ? `${app.setup.file}:${app.setup.line}`
      : 'the Auth.js config of the app';
