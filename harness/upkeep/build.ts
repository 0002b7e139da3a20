/**
 * Builds the npm package into `dist/`: JavaScript with types, the assets beside it, and a package.json of its own.
 * Publish with `npm publish ./dist`, in a job of GitHub Actions or GitLab CI with provenance (publishing.ts). A checkout needs no build, its sources run as they are; a package does, because
 * Node strips no types below node_modules.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../config/defaults.ts';
import { publishing } from './publishing.ts';

const dist = path.join(ROOT, 'dist');
const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

rmSync(dist, { recursive: true, force: true });
run(process.execPath, path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json');

const assets = run(
  'git',
  'ls-files',
  '--cached',
  '--others',
  '--exclude-standard',
  'harness',
  'mocks',
  'reports',
)
  .split('\n')
  .filter((file) => file && !/\.(ts|md)$/.test(file) && !file.includes('/probe/'));
for (const file of [...assets, 'LICENSE', 'README.md', 'AGENTS.md', 'CHANGELOG.md', 'SECURITY.md']) {
  cpSync(path.join(ROOT, file), path.join(dist, file));
}

const { devDependencies, scripts, workspaces, overrides, ...manifest } = JSON.parse(
  readFileSync(path.join(ROOT, 'package.json'), 'utf8'),
);
const built = (source: string) => source.replace(/\.ts$/, '.js');
const exported = (source: string) =>
  source.endsWith('.ts') ? { types: source.replace(/\.ts$/, '.d.ts'), default: built(source) } : source;
writeFileSync(
  path.join(dist, 'package.json'),
  `${JSON.stringify(
    {
      ...manifest,
      ...publishing(process.env),
      exports: Object.fromEntries(
        Object.entries<string>(manifest.exports).map(([name, source]) => [name, exported(source)]),
      ),
    },
    null,
    2,
  )}\n`,
);
/** What the package brings with it (CycloneDX 1.5), from the lock file; workspaces are targets of our own tests. */
const sbom = JSON.parse(
  run(
    'npm',
    'sbom',
    '--sbom-format',
    'cyclonedx',
    '--omit',
    'dev',
    '--workspaces=false',
    '--package-lock-only',
  ),
);
sbom.metadata.component.name = manifest.name;
writeFileSync(path.join(dist, 'sbom.cdx.json'), `${JSON.stringify(sbom, null, 1)}\n`);

process.stdout.write(`${path.relative(ROOT, dist)}: ${manifest.name} ${manifest.version}\n`);
