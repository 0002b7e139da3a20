import { checkPage } from '../../../harness/upkeep/site/check-page.ts';
import { entries } from '../../../harness/upkeep/site/suites.ts';
import { faults } from '../../../mocks/faults.ts';

const titles = faults as Record<string, { title: string }>;

export default {
  paths: () =>
    entries().map((entry) => {
      const [suite = '', ...rest] = entry.id.split('/');
      return {
        params: { suite, check: rest.join('/'), title: entry.title },
        content: checkPage(entry, entry.fault ? titles[entry.fault]?.title : undefined),
      };
    }),
};
