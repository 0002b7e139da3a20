/** What the sources of a route say that it does with whoever asks for it. */
import type { Node } from '@babel/types';
import { parameterNamesIn } from './parameter-names.ts';
import { homeOf, resolve, type SourceFile, walk } from './syntax.ts';

export interface Does {
  /** Parameters of its address that it reads. */
  parameters?: string[];
  /** It sends whoever asks to another address. */
  leads?: true;
  /** It takes cookies away, or ends a session, and draws no page. */
  endsSession?: true;
  /** It starts a preview of what is not published. */
  startsPreview?: true;
}

const LEADS =
  /\b(?:redirect|permanentRedirect|sendRedirect|navigateTo|navigate)\s*\(|\.redirect\s*\(|\blocation\b\s*(?:\.href\s*)?[=:]|\blocation\.(?:assign|replace)\s*\(|['"`]location['"`]|\brouter\s*\.\s*(?:push|replace)\s*\(|http-equiv=\\?["']?refresh/i;
/** Draft Mode and Preview Mode of Next.js (nextjs.org, `draftMode`, `res.setPreviewData`). */
const STARTS_PREVIEW =
  /\bdraftMode\b[\s\S]{0,200}\.enable\s*\(|\.setPreviewData\s*\(|\.setDraftMode\s*\(\s*\{\s*enable:\s*true/;
/** What signs out, or ends a session, by its name. */
const SIGNS_OUT =
  /\bsignOut\s*\(|\bsession\s*\??\.\s*(?:destroy|delete|clear|unset)\s*\(|\b(?:req|request)\s*\.\s*logout\s*\(|\bdestroySession\s*\(/i;
/** What takes a cookie away, with what is said of it. */
const TAKES_COOKIE =
  /(?:\b(?:clear|delete|remove)Cookie\s*\(|\bcookies?\b[\w.()\s]{0,60}\.\s*(?:delete|remove)\s*\()([^;\n]{0,80})|([^\n]{0,60})(?:\bmax-?age\b['"]?\s*[:=]\s*0\b|\bexpires\b['"]?\s*[:=]\s*(?:new Date\(\s*0|['"`]?Thu, 0?1 Jan 1970))/gi;
const OF_SESSION = /sess|auth|token|\bsid\b|login|jwt/i;

/** The name of the cookie in what stands before its age: `theme=; Path=/; ` of a header, `'notice', '', { ` of a call. */
const nameBefore = (text: string): string | undefined =>
  /([\w.-]{2,})=[^=]*$/.exec(text)?.[1] ?? [...text.matchAll(/['"`]([\w.-]{2,})['"`]/g)].at(-1)?.[1];

/** Whether a piece of code ends a session: a cookie that is called something else, as one for a message, is none. */
const endsSession = (text: string): boolean =>
  SIGNS_OUT.test(text) ||
  [...text.matchAll(TAKES_COOKIE)].some(([, after, before = '']) => {
    const name = after === undefined ? nameBefore(before) : /['"`]([\w.-]{2,})/.exec(after)?.[1];
    return name === undefined || OF_SESSION.test(name);
  });

/**
 * @param text of what answers a GET of the route
 * @param isPage it draws a page: what it holds besides runs when something is pressed
 */
export function whatItDoes(text: string, isPage = false): Does {
  const parameters = parameterNamesIn(text);
  return {
    ...(parameters.length && { parameters }),
    ...(LEADS.test(text) && { leads: true as const }),
    ...(!isPage && endsSession(text) && { endsSession: true as const }),
    ...(!isPage && STARTS_PREVIEW.test(text) && { startsPreview: true as const }),
  };
}

const textOf = (node: Node, { text }: SourceFile): string => text.slice(node.start ?? 0, node.end ?? 0);

/** The text of functions that answer, wherever they are made, with that of the functions of the app that they call. */
export function textOfHandlers(handlers: readonly Node[], source: SourceFile): string {
  return handlers
    .flatMap((given) => {
      const node = resolve(given, source) ?? given;
      const home = homeOf(node, source);
      const found = node.type === 'Identifier' ? home.links?.definition(node.name, home) : undefined;
      const [made, place] = found ? [found.node, found.source] : [node, home];
      return [textOf(made, place), ...calledIn(made, place)];
    })
    .join('\n');
}

/** The text of functions that a piece of code calls by their names. */
function calledIn(node: Node, source: SourceFile): string[] {
  const texts: string[] = [];
  const known = new Set<string>();
  walk(node, (each) => {
    if (each.type !== 'CallExpression' || each.callee.type !== 'Identifier' || known.has(each.callee.name))
      return;
    known.add(each.callee.name);
    const found = source.links?.definition(each.callee.name, source);
    if (found && /Function/.test(found.node.type)) texts.push(textOf(found.node, found.source));
  });
  return texts;
}
