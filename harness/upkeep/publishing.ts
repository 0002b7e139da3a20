/** What a CI job adds to package.json, so that `npm publish` can attest where a package was built (provenance). */

/**
 * @param environment of the job: GitHub Actions and GitLab CI are what npm attests, and each names the repository, which
 *   must be the one in package.json
 * @returns nothing outside of such a job: `npm publish` would refuse there
 */
export function publishing(environment: NodeJS.ProcessEnv): {
  repository?: { type: 'git'; url: string };
  publishConfig?: { access: 'public'; provenance: true };
} {
  const { GITHUB_ACTIONS, GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITLAB_CI, CI_PROJECT_URL } = environment;
  const address =
    GITHUB_ACTIONS && GITHUB_SERVER_URL && GITHUB_REPOSITORY
      ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`
      : GITLAB_CI
        ? CI_PROJECT_URL
        : undefined;
  if (!address) return {};
  return {
    repository: { type: 'git', url: `git+${address}.git` },
    publishConfig: { access: 'public', provenance: true },
  };
}
