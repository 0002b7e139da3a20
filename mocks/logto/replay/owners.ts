/** The part of the mock that answers a path. */
export function ownerOf(path: string): string {
  if (path.startsWith('/oidc') || path.startsWith('/.well-known') || path.startsWith('/consent'))
    return 'oidc';
  if (path.startsWith('/api/experience') || path.startsWith('/api/.well-known')) return 'experience';
  return path.startsWith('/api') ? 'management' : 'pages';
}
