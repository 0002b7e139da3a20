import { entries, suites } from '../../harness/upkeep/site/suites.ts';

export interface Listed {
  suite: string;
  checks: { id: string; link: string; level: string; title: string }[];
}

export declare const data: Listed[];

export default {
  watch: ['../../reports/catalogue.json'],
  load: (): Listed[] =>
    suites().map(({ suite }) => ({
      suite,
      checks: entries()
        .filter((entry) => entry.suite === suite)
        .map(({ id, level, title }) => ({ id, link: `/checks/${id}`, level, title })),
    })),
};
