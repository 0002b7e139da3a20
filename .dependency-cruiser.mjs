/**
 * Which way imports go (CONTRIBUTING, Architecture). `npm run check` runs it; a wrong import names the rule.
 *
 * The rooms of the harness, from the door inwards: a room may use the ones behind it, never the ones before it.
 */
const ROOMS = [
  'cli',
  'run',
  'doctor',
  'init',
  'own-tests',
  'check',
  'visitor',
  'lab',
  'live',
  'connector',
  'advisories',
  'targets',
  'logto',
  'user-agents',
  'machine',
  'config',
];

const TEST = '[.]test[.]ts$';

const rooms = ROOMS.slice(1).map((room, index) => ({
  name: `${room}-uses-no-room-before-it`,
  comment: `harness/${room} may use ${[...ROOMS.slice(index + 2), 'errors.ts'].join(', ')}; what both need belongs into the inner room.`,
  severity: 'error',
  from: { path: `^harness/${room}/`, pathNot: TEST },
  to: { path: `^harness/(${[...ROOMS.slice(0, index + 1), 'upkeep'].join('|')})/` },
}));

const onlyTo = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: TEST },
  to: { path: '^(harness|mocks|suites|reports|fixtures)/', pathNot: allowed },
});

export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other have a third one in them: move what both use there.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...rooms,
    onlyTo(
      'suites-declare',
      'suites import harness rooms, and mocks for types',
      '^suites/',
      '^(suites|harness/(check|visitor|connector|lab|user-agents)|mocks)/|^harness/errors[.]ts$',
    ),
    onlyTo('mocks-know-no-checks', 'mocks import mocks and fixtures', '^mocks/', '^(mocks|fixtures)/'),
    onlyTo(
      'reports-are-pure',
      'reports import reports, and of the mocks the redaction and the type of an exchange',
      '^reports/',
      '^reports/|^mocks/(redact|known-secrets|journal|issued)[.]ts$',
    ),
    onlyTo(
      'harness-imports-no-suite',
      'harness imports harness, mocks and reports',
      '^harness/',
      '^(harness|mocks|reports)/',
    ),
    {
      name: 'nothing-uses-upkeep',
      comment: 'harness/upkeep is for maintainers of this repository and is not in the package',
      severity: 'error',
      from: { pathNot: '^harness/upkeep/' },
      to: { path: '^harness/upkeep/' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'fixtures/targets|[.]next/|/build/' },
  },
};
