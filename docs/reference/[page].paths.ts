import { configPage } from '../../harness/upkeep/site/config-page.ts';

export default { paths: () => [{ params: { page: 'config' }, content: configPage() }] };
