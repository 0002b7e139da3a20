/** What names say of what they stand for: somebody who is signed in, or the address that is asked for. */
import type { Node } from '@babel/types';
import { SOMEBODY, Thing, UNKNOWN, type Value } from './interpret-values.ts';
import { isHeaders, isQuery } from './request-places.ts';
import type { SourceFile } from './syntax.ts';

export interface World {
  /** Path that is asked for. */
  path: string | typeof UNKNOWN;
  /** What SvelteKit calls the route of that path. */
  route?: string | undefined;
  /** What its page says of itself (Nuxt). */
  meta?: Thing | undefined;
  /** `null` for a stranger. */
  session: null | typeof SOMEBODY;
  /** Names under which requests hold something for members, and nothing for strangers. */
  carried?: ReadonlySet<string>;
  /** The file that a function stands in is asked first, then all. */
  sources: readonly SourceFile[];
}

const WHO =
  /^(?:auth|session|user|me|viewer|member|token|claims|get(?:Auth)?Session|getServerSession|getServerAuthSession|getToken|getAuthUser|authUser|(?:get)?current(?:User|Member|Session)|getUser|getMe|requireUser|is(?:User|Auth|Logged|Signed)\w*|(?:logged|signed)In|authenticated)$/i;
const PATH = /^(?:pathname|path|originalUrl|currentPath)$/;
/** Functions of others that tell who sent a request, by what apps and packages call them. */
const TELLS =
  /^(?:get|load|read|find)?(?:api|session|request|req|authed|authenticated|active|signedIn|loggedIn|current)(?:User|Member|Customer|Viewer)$|^(?:user|session|member|viewer)(?:Of|From|For)(?:Request|Req|Cookies?|Session|Headers?)?$|^(?:read|load|resolve|validate|verify|check|fetch)Session$|^who(?:AmI|IsThere|IsIt)$|^(?:get|read|current|require)(?:Api|Session|Request|Current|Auth)?(?:User|Member|Viewer)Id$/i;
/** What some of those who are signed in are or have, and others not. */
const OF_SOME =
  /^(?:is|has|can|needs|must)(?=[A-Z])|role|admin|banned|blocked|disabled|suspended|deleted|expired|error|pending|plan|onboard|verified/i;
/** What everybody who is signed in has. */
const OF_ALL =
  /^(?:id|sub|uid|user|data|name|username|email|image|picture|avatar|phone(?:_?number)?|sid|expires|provider|claims|profile|session|then|json)$|(?:_id|Id|ID|[tT]oken)$/;
/** What is untrue of those who may still come in. */
const OF_THE_GONE =
  /^(?:is)?_?(?:gone|paused|banned|blocked|disabled|suspended|deleted|deactivated|frozen|locked|leaving|archived)(?:_?at|_?on|_?since)?$/i;
/** Cookies of Auth.js, and keys under which apps keep who is there. */
const KEPT = /session-?token|^(?:session|user|auth|authUser|currentUser|viewer|member)$/i;
/** Headers of programs: a person comes without. */
const OF_PROGRAMS =
  /^(?:proxy-)?authorization$|^(?:x-)?(?:[a-z]+-)?(?:api-?key|api-?token|access-?key|signature)$|^x-(?:user|member|person|account|customer)(?:-?(?:id|name|sub|email))?$/i;
/** What tells a page who is there (Nuxt, React). */
const USES = /^use(?:Auth|Session|UserSession|AuthState)$/;

/** Functions that make somebody of whoever comes without a session. */
const MAKES_GUESTS =
  /^(?:new|make|create|get|find|load|read|ensure|as)?(?:guest|anonymous|visitor)(?:user|of|for|from|by)?(?![a-z])/i;

/** Whether a function tells, by its name, who is there. */
const tellsWho = (name: string): boolean => WHO.test(name) || TELLS.test(name);
/** What is noted of a person: nobody can know whether one has a role or a plan, or whatever else apps note (`newsletterRead`). */
export const ofSomebody = (name: string): Value => {
  if (WHO.test(name)) return SOMEBODY;
  if (OF_THE_GONE.test(name)) return false;
  return OF_SOME.test(name) || !OF_ALL.test(name) ? UNKNOWN : SOMEBODY;
};

/** What a name says; undefined where it says nothing. */
export function told(name: string, { path, route, meta, session }: World): { value: Value } | undefined {
  if (PATH.test(name)) return { value: path };
  if (name === 'method') return { value: 'GET' };
  if (name === 'route' && route !== undefined) {
    const found = new Thing();
    found.isOpen = true;
    found.members.set('id', route);
    return { value: found };
  }
  if (name === 'meta' && meta) return { value: meta };
  if (WHO.test(name)) return { value: session };
  if (OF_THE_GONE.test(name)) return { value: false };
  return OF_PROGRAMS.test(name) ? { value: undefined } : undefined;
}

/** Somebody of whom nothing is known. */
function anybody(): Thing {
  const found = new Thing();
  found.isOpen = true;
  return found;
}

/**
 * What a call says by its name that leads to no function of the app.
 *
 * @param given first argument
 * @param holder what its method is called on
 */
export function toldByCall(
  name: string,
  given: Value,
  world: World,
  holder?: Node,
): { value: Value } | undefined {
  // An address is asked for as it is, without a query.
  if (holder && isQuery(holder) && /^(?:get|has|getAll)$/.test(name))
    return { value: name === 'get' ? null : name === 'has' ? false : [] };
  if (holder && isHeaders(holder) && typeof given === 'string' && OF_PROGRAMS.test(given))
    return { value: name === 'has' ? false : null };
  if (USES.test(name)) {
    const state = new Thing();
    state.isOpen = true;
    state.members.set('status', world.session ? 'authenticated' : 'unauthenticated');
    state.members.set('data', world.session);
    return { value: state };
  }
  if (/^(?:get|has)$/.test(name) && typeof given === 'string' && KEPT.test(given))
    return { value: world.session };
  if (typeof given === 'string' && OF_PROGRAMS.test(given)) return { value: undefined };
  if (MAKES_GUESTS.test(name)) return { value: anybody() };
  return tellsWho(name) ? { value: world.session } : undefined;
}

/** What a function of the app answers, by its name, where its code does not tell. */
export const answeredBy = (name: string, world: World): Value =>
  MAKES_GUESTS.test(name) ? anybody() : tellsWho(name) ? world.session : UNKNOWN;
