/** What a run is asked for, looked up before anything starts. */
import path from 'node:path';
import type { Scope } from '../../reports/model.ts';
import { type KnownFailure, readKnownFailures } from '../check/known-failures.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { earlierReports, folderOf } from './results-folder.ts';
import type { RunOptions } from './run-options.ts';
import { scopeOf } from './run-scope.ts';
import type { Suites } from './suites-process.ts';

/** The failures that the config accepts. */
const knownOf = ({ config, folder }: LoadedConfig): KnownFailure[] =>
  config.knownFailures ? readKnownFailures(path.resolve(folder, config.knownFailures)) : [];

/**
 * @param found told the scope as soon as it is known
 * @throws ConformanceError of a selection that selects nothing, or a file of known failures that cannot be used
 */
export async function askedFor(
  loaded: LoadedConfig,
  options: RunOptions,
  found: (scope: Scope) => void = () => {},
): Promise<Suites> {
  const out = path.resolve(loaded.config.out);
  const scope = await scopeOf(options, loaded, options.commands);
  found(scope);
  return {
    loaded,
    options,
    scope,
    folder: folderOf(out, scope.kind),
    compareWith: earlierReports(out, scope.kind),
    known: knownOf(loaded),
  };
}
