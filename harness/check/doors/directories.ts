/** Pages that are declared to show members the data of each other (`pages.directories`): a phone directory, a list of staff. */

/**
 * Whether a path is a declared directory, or below one.
 *
 * @param path with or without its query
 * @param directories as declared
 */
export function isDirectory(path: string, directories: readonly string[]): boolean {
  const bare = (path.split('?')[0] ?? '').replace(/(.)\/$/, '$1');
  return directories.some((each) => bare === each || bare.startsWith(`${each}/`));
}
