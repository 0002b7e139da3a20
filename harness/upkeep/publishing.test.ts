import { expect, it } from 'vitest';
import { publishing } from './publishing.ts';

const attested = (url: string) => ({
  repository: { type: 'git', url },
  publishConfig: { access: 'public', provenance: true },
});

it('a job that npm attests names its repository, and wants provenance', () => {
  const github = {
    GITHUB_ACTIONS: 'true',
    GITHUB_SERVER_URL: 'https://git.example',
    GITHUB_REPOSITORY: 'a/b',
  };
  expect(publishing(github)).toEqual(attested('git+https://git.example/a/b.git'));
  expect(publishing({ GITLAB_CI: 'true', CI_PROJECT_URL: 'https://lab.example/a/b' })).toEqual(
    attested('git+https://lab.example/a/b.git'),
  );
});
it('a build elsewhere does not: it could not be published', () => {
  expect(publishing({})).toEqual({});
  expect(publishing({ CI: 'true', CI_PROJECT_URL: 'https://lab.example/a/b' })).toEqual({});
});
