/** Jobs for GitHub Actions and GitLab CI/CD that certify an app as it is certified here. */
import path from 'node:path';
import { VERSION } from '../config/defaults.ts';
import type { PackageManager, Project } from './project.ts';

export interface CiFile {
  /** Absolute path. */
  file: string;
  text: string;
}

/** Node that the jobs run on; the newest that is kept for long. */
const NODE = 24;

const INSTALL: Record<PackageManager, [locked: string, free: string]> = {
  npm: ['npm ci', 'npm install'],
  pnpm: ['corepack enable && pnpm install --frozen-lockfile', 'corepack enable && pnpm install'],
  yarn: ['corepack enable && yarn install --immutable', 'corepack enable && yarn install'],
  bun: ['npx --yes bun install --frozen-lockfile', 'npx --yes bun install'],
};

const installOf = ({ manager, lock }: Project) => INSTALL[manager][lock ? 0 : 1];

/** The installed package, or else the version that wrote the job. */
const commandOf = ({ installed }: Project) =>
  installed ? 'npx authjs-conformance run' : `npx --yes authjs-conformance@${VERSION} run`;

/** Folder of the lock file, where packages are installed. */
const installFolder = ({ lock, place }: Project) => (lock ? path.posix.dirname(lock) : place);

export function githubWorkflow(project: Project): CiFile {
  const { root, place } = project;
  const at = (folder: string) =>
    folder === '.' ? '' : `\n        working-directory: ${JSON.stringify(folder)}`;
  const results = path.posix.join(place, 'conformance-results');
  const name = place === '.' ? 'conformance' : `conformance-${path.posix.basename(place)}`;
  return {
    file: path.join(root, '.github/workflows', `${name}.yml`),
    text: `# Certifies the sign-in of this app: Auth.js, Logto, one-time codes by Twilio; all mocked, no account, no secret.
name: ${name}
on:
  push:
    branches: [main]
  pull_request:
permissions:
  contents: read
jobs:
  conformance:
    runs-on: ubuntu-latest
    timeout-minutes: 20
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: ${NODE}
      - run: ${installOf(project)}${at(installFolder(project))}
      - run: ${commandOf(project)} --reporter junit,html,github${at(place)}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: ${name}-results
          path: ${JSON.stringify(results)}
          if-no-files-found: ignore
`,
  };
}

export function gitlabJob(project: Project): CiFile & { include: string } {
  const { root, place } = project;
  const name = place === '.' ? 'conformance' : `conformance-${path.posix.basename(place)}`;
  const results = path.posix.join(place, 'conformance-results');
  const relative = `.gitlab/${name}.gitlab-ci.yml`;
  const go = (folder: string) => (folder === '.' ? 'cd "$CI_PROJECT_DIR"' : `cd "$CI_PROJECT_DIR/${folder}"`);
  return {
    file: path.join(root, relative),
    include: relative,
    text: `# Certifies the sign-in of this app: Auth.js, Logto, one-time codes by Twilio; all mocked, no account, no secret.
# In .gitlab-ci.yml:
#   include:
#     - local: ${relative}
${name}:
  stage: test
  image: node:${NODE}-bookworm-slim
  script:
    - ${go(installFolder(project))}
    - ${installOf(project)}
    - ${go(place)}
    - ${commandOf(project)} --reporter junit,html
  artifacts:
    when: always
    expire_in: 30 days
    paths: [${JSON.stringify(results)}]
    reports:
      junit: ${JSON.stringify(`${results}/junit.xml`)}
`,
  };
}
