/** Approaches by the other ways in which a framework answers the same page, and by other methods. */

import { fits } from '../aliases.ts';
import { type Approach, HIGHEST, split } from '../approach.ts';
import { batchPaths } from '../call-addresses.ts';
import { partsOf, plainTree } from '../router-state.ts';

const SEGMENTS = 'https://github.com/advisories/GHSA-267c-6grr-h53f';
const RSC = { rsc: '1', accept: 'text/x-component' };

const headerOf = (tree: unknown): string => encodeURIComponent(JSON.stringify(tree));
/** More parts lie above the page than this in few apps. */
const PARTS_MAX = 4;

export const transports: Record<string, Approach> = {
  batch: {
    ...HIGHEST,
    title: 'a batch of procedures, another one beside it',
    clauses: ['asvs 8.3.1'],
    imitates:
      'A guard in front of the handler compares the address with the names of what is closed; a batch names several there (`a,b?batch=1`), and each is answered.',
    source: 'https://trpc.io/docs/client/links/httpBatchLink',
    fix: 'Look at the session in each procedure (protectedProcedure), not at the address in front of the handler.',
    asks: ({ path }, { calls }) => batchPaths(path, calls).map((batch) => ({ path: batch })),
  },
  rsc: {
    ...HIGHEST,
    toFramework: true,
    title: 'the router of Next.js, which asks for a part of the page',
    clauses: ['next layouts', 'asvs 8.3.1'],
    imitates:
      'A request with RSC headers renders the page alone: a session that only the layout looks at is not asked for.',
    source: 'https://nextjs.org/docs/app/guides/authentication#layouts-and-auth-checks',
    fix: 'Check the session in the page, and where its data are read, not in the layout.',
    asks: ({ path, isPage, tree }) => {
      if (!isPage) return [];
      const [bare, query] = split(path);
      const known = tree ?? plainTree(bare);
      return [
        { path, headers: RSC },
        { path: `${bare}${query ? `${query}&` : '?'}_rsc=1a2b3`, headers: { ...RSC, 'next-url': bare } },
        ...partsOf(known)
          .slice(0, PARTS_MAX)
          .map((part) => ({
            path,
            headers: { ...RSC, 'next-router-state-tree': headerOf(part), 'next-url': bare },
          })),
        { path, headers: { ...RSC, 'next-router-state-tree': headerOf(known), 'next-url': bare } },
        { path, headers: { ...RSC, 'next-router-state-tree': headerOf(plainTree('/')), 'next-url': '/' } },
        { path, headers: { ...RSC, 'next-router-prefetch': '1' } },
        { path, headers: { ...RSC, 'next-router-prefetch': '1', 'next-router-segment-prefetch': '/_tree' } },
        {
          path,
          headers: {
            ...RSC,
            'next-router-prefetch': '1',
            'next-router-segment-prefetch': `${bare}/__PAGE__`,
          },
        },
        { path, headers: { ...RSC, purpose: 'prefetch' } },
      ];
    },
  },
  'segment-files': {
    ...HIGHEST,
    toFramework: true,
    title: 'the files of its segments',
    clauses: ['next segment prefetch', 'asvs 8.3.1'],
    imitates:
      'GHSA-267c-6grr-h53f: the addresses of prefetched segments lead to the page past the matcher of the middleware.',
    source: SEGMENTS,
    fix: 'Update Next.js to 15.5.16, 16.2.5 or newer, and check the session in the page.',
    asks: ({ path, isPage }) => {
      if (!isPage) return [];
      const [bare] = split(path);
      const name = bare === '/' ? '/index' : bare;
      return ['_tree', '_full', '_index', `${name.slice(1)}/__PAGE__`].flatMap((segment) => [
        { path: `${name}.segments/${segment}.segment.rsc`, headers: RSC },
      ]);
    },
  },
  'data-files': {
    ...HIGHEST,
    toFramework: true,
    title: 'the data of the page',
    clauses: ['next pathname authorization', 'next middleware matcher', 'asvs 8.3.1'],
    imitates:
      'What a page needs is at an address of its own (_next/data, __data.json, .data), which the guard may not know; and what is asked of a layout may be left out there.',
    source: 'https://github.com/advisories/GHSA-7gfc-8cq8-jh5f',
    fix: 'Check the session where the data are read: getServerSideProps, load of +page.server, the loader of the route itself (or middleware around it, not the loader of a layout).',
    asks: ({ path, isPage }, { buildId, locales, routeIds = [] }) => {
      if (!isPage) return [];
      const [bare, query] = split(path);
      const name = bare === '/' ? '/index' : bare.replace(/\/$/, '');
      const next = buildId
        ? ['', ...locales.map((locale) => `/${locale}`)].flatMap((locale) => [
            { path: `/_next/data/${buildId}${locale}${name}.json${query}` },
            {
              path: `/_next/data/${buildId}${locale}${name}.json${query}`,
              headers: { 'x-nextjs-data': '1' },
            },
          ])
        : [];
      const kit = `${bare.replace(/\/$/, '')}/__data.json`;
      // One digit for each load from the root layout down: the page alone, below one layout to three.
      const alone = ['01', '001', '0001'].map((loads) => ({
        path: `${kit}?x-sveltekit-invalidated=${loads}`,
      }));
      // React Router asks for data of the routes that it names: those of the page alone, without the layouts around it.
      const data = `${bare === '/' ? '/_root' : bare.replace(/\/$/, '')}.data`;
      const router = routeIds
        .filter((each) => fits(each.path, bare))
        .flatMap(({ id }) => [
          { path: data + query },
          { path: `${data}?${new URLSearchParams({ _routes: id })}` },
        ]);
      return [...next, { path: kit + query }, ...alone, ...router];
    },
  },
  post: {
    ...HIGHEST,
    title: 'a form or data sent to it',
    clauses: ['asvs 8.3.1', 'authjs protecting'],
    imitates: 'A guard that looks at GET only lets a POST through, and the page is the answer.',
    source:
      'https://owasp.org/www-project-web-security-testing-guide/v42/4-Web_Application_Security_Testing/02-Configuration_and_Deployment_Management_Testing/06-Test_HTTP_Methods',
    fix: 'Guard all methods alike.',
    asks: ({ path }, { member }) => [
      { path, method: 'POST', form: { x: '1' } },
      { path, method: 'POST', json: {} },
      { path, method: 'POST', json: { user: { id: member.id, email: member.email }, userId: member.id } },
    ],
  },
  methods: {
    ...HIGHEST,
    title: 'other methods',
    clauses: ['asvs 8.3.1'],
    imitates: 'A guard that knows GET and POST only lets the others through.',
    source:
      'https://owasp.org/www-project-web-security-testing-guide/v42/4-Web_Application_Security_Testing/02-Configuration_and_Deployment_Management_Testing/06-Test_HTTP_Methods',
    fix: 'Guard all methods alike; answer 405 to those that a path does not have.',
    asks: ({ path }) => [
      { path, method: 'HEAD' },
      { path, method: 'OPTIONS' },
      {
        path,
        method: 'OPTIONS',
        headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
      },
      { path, method: 'PUT', json: {} },
      { path, method: 'PATCH', json: {} },
    ],
  },
  'method-override': {
    ...HIGHEST,
    title: 'a method in a header or a parameter',
    clauses: ['asvs 8.3.1'],
    imitates: 'The guard sees one method, the app acts on the one that X-HTTP-Method-Override names.',
    source:
      'https://owasp.org/www-project-web-security-testing-guide/v42/4-Web_Application_Security_Testing/02-Configuration_and_Deployment_Management_Testing/06-Test_HTTP_Methods',
    asks: ({ path }) => [
      ...['GET', 'HEAD'].map((method) => ({
        path,
        method: 'POST',
        form: { _method: method },
        headers: {
          'x-http-method-override': method,
          'x-http-method': method,
          'x-method-override': method,
        },
      })),
      { path, headers: { 'x-http-method-override': 'OPTIONS', 'x-method-override': 'OPTIONS' } },
    ],
  },
};
