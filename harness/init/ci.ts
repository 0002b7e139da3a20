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
  installed ? 'npx authjs-conformance' : `npx --yes authjs-conformance@${VERSION}`;

/** Folder of the lock file, where packages are installed. */
const installFolder = ({ lock, place }: Project) => (lock ? path.posix.dirname(lock) : place);

const nameOf = ({ place }: Project) =>
  place === '.' ? 'conformance' : `conformance-${path.posix.basename(place)}`;

/** Where the parts of a divided run lie, beside the app. */
const PARTS = 'conformance-shards';

/** A part that breaks a must is no failed job: the verdict is that of the whole, which the last job gives. */
const PART_MAY_FAIL = '|| [ $? -eq 1 ]';

const COMMENT =
  '# Certifies the sign-in of this app: Auth.js, Logto, one-time codes by Twilio; all mocked, no account, no secret.';

/**
 * The workflow of GitHub Actions.
 *
 * @param shards jobs that a run is divided among; with more than one, another job joins their reports
 */
export function githubWorkflow(project: Project, shards = 1): CiFile {
  const { root, place } = project;
  const name = nameOf(project);
  const at = (folder: string) =>
    folder === '.' ? '' : `\n        working-directory: ${JSON.stringify(folder)}`;
  const results = path.posix.join(place, 'conformance-results');
  const begin = `    runs-on: ubuntu-latest
    timeout-minutes: 20`;
  const setUp = `    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: ${NODE}
      - run: ${installOf(project)}${at(installFolder(project))}`;
  const upload = (as: string) => `      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: ${as}
          path: ${JSON.stringify(results)}
          if-no-files-found: ignore`;
  const single = `  conformance:
${begin}
${setUp}
      - run: ${commandOf(project)} run --reporter junit,html,github${at(place)}
${upload(`${name}-results`)}`;
  const divided = `  conformance:
${begin}
    strategy:
      fail-fast: false
      matrix:
        shard: [${Array.from({ length: shards }, (_, index) => index + 1).join(', ')}]
${setUp}
      - run: ${commandOf(project)} run --shard \${{ matrix.shard }}/${shards} --reporter json ${PART_MAY_FAIL}${at(place)}
${upload(`${name}-shard-\${{ matrix.shard }}`)}
  verdict:
    needs: conformance
    if: \${{ !cancelled() }}
${begin}
${setUp}
      - uses: actions/download-artifact@v4
        with:
          pattern: ${name}-shard-*
          path: ${JSON.stringify(path.posix.join(place, PARTS))}
      - run: ${commandOf(project)} merge ${PARTS}/* --reporter junit,html,github${at(place)}
${upload(`${name}-results`)}`;
  return {
    file: path.join(root, '.github/workflows', `${name}.yml`),
    text: `${COMMENT}
name: ${name}
on:
  push:
    branches: [main]
  pull_request:
permissions:
  contents: read
jobs:
${shards > 1 ? divided : single}
`,
  };
}

/**
 * The job of GitLab CI/CD.
 *
 * @param shards jobs that a run is divided among (`parallel`); with more than one, another job joins their reports
 */
export function gitlabJob(project: Project, shards = 1): CiFile & { include: string } {
  const { root, place } = project;
  const name = nameOf(project);
  const results = path.posix.join(place, 'conformance-results');
  const relative = `.gitlab/${name}.gitlab-ci.yml`;
  const go = (folder: string) => (folder === '.' ? 'cd "$CI_PROJECT_DIR"' : `cd "$CI_PROJECT_DIR/${folder}"`);
  const begin = `  stage: test
  image: node:${NODE}-bookworm-slim`;
  const setUp = `  script:
    - ${go(installFolder(project))}
    - ${installOf(project)}
    - ${go(place)}`;
  const kept = (paths: string, junit = '') => `  artifacts:
    when: always
    expire_in: 30 days
    paths: [${JSON.stringify(paths)}]${junit}`;
  const reports = `
    reports:
      junit: ${JSON.stringify(`${results}/junit.xml`)}`;
  const single = `${name}:
${begin}
${setUp}
    - ${commandOf(project)} run --reporter junit,html
${kept(results, reports)}`;
  const divided = `${name}:
${begin}
  parallel: ${shards}
${setUp}
    - ${commandOf(project)} run --shard "$CI_NODE_INDEX/$CI_NODE_TOTAL" --out "${PARTS}/$CI_NODE_INDEX" --reporter json ${PART_MAY_FAIL}
${kept(path.posix.join(place, PARTS))}
${name}-verdict:
${begin}
  needs: [${JSON.stringify(name)}]
  when: always
${setUp}
    - ${commandOf(project)} merge ${PARTS}/* --reporter junit,html
${kept(results, reports)}`;
  return {
    file: path.join(root, relative),
    include: relative,
    text: `${COMMENT}
# In .gitlab-ci.yml:
#   include:
#     - local: ${relative}
${shards > 1 ? divided : single}
`,
  };
}
