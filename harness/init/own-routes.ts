/** Routes that apps name in ways of their own, whatever stands beside: controllers of NestJS, and tables over node:http. */
import type { Node } from '@babel/types';
import { controllersIn, keptByGuards } from './controllers.ts';
import { handlersSendAway } from './guarded-paths.ts';
import { all, type Evidence } from './guards.ts';
import { plainRoutes, SERVES } from './plain-servers.ts';
import type { SourceFile } from './syntax.ts';

export interface OwnRoute {
  path: string;
  file: string;
  handlers: Node[];
  /** It answers GET; else it takes posts. */
  isAsked: boolean;
  /** How it keeps strangers out. */
  evidence(): Evidence;
}

export interface OwnRoutes {
  routes: OwnRoute[];
  unread: string[];
}

const read = new WeakMap<readonly SourceFile[], OwnRoutes>();

/**
 * @param sources of the app, linked
 * @param known.isAlone nothing else tells addresses of the app: then comparisons of an address are routes
 * @param known.isTold a router is told of addresses while the app runs: tables hold them
 */
export function ownRoutes(
  sources: readonly SourceFile[],
  { isAlone, isTold }: { isAlone: boolean; isTold: boolean },
): OwnRoutes {
  const known = read.get(sources);
  if (known) return known;
  const found = readOwn(sources, isAlone, isTold);
  read.set(sources, found);
  return found;
}

function readOwn(sources: readonly SourceFile[], isAlone: boolean, isTold: boolean): OwnRoutes {
  const sourceOf = (file: string) => sources.find((each) => each.file === file) as SourceFile;
  const sent = (path: string, file: string, handler: Node): Evidence => {
    const how = handlersSendAway({ front: [], own: [handler] }, { path, source: sourceOf(file), sources });
    return { session: Boolean(how), redirect: how === 'redirect', refusal: how === 'refuse' };
  };
  const { routes: controlled, unread } = controllersIn(sources);
  const serves = sources.some(({ text }) => SERVES.test(text));
  const isWanted = controlled.length === 0 && ((isAlone && serves) || isTold);
  const plain = isWanted ? plainRoutes(sources, isAlone && serves) : [];
  return {
    unread,
    routes: [
      ...controlled.flatMap((each) =>
        /^(?:get|all|post)$/.test(each.method)
          ? [
              {
                path: each.path,
                file: each.file,
                handlers: [each.handler as Node],
                isAsked: each.method !== 'post',
                evidence: () =>
                  all([keptByGuards(each, sources) ?? all([]), sent(each.path, each.file, each.handler)]),
              },
            ]
          : [],
      ),
      ...plain.flatMap(({ path, method, file, handler }) =>
        /^(?:GET|ALL|POST|)$/.test(method)
          ? [
              {
                path,
                file,
                handlers: [handler],
                isAsked: method !== 'POST',
                evidence: () => sent(path, file, handler),
              },
            ]
          : [],
      ),
    ],
  };
}
