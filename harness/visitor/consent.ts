/** Pages of Logto between the sign-in and the way back to the app: the consent, and a form that sends itself. */
import { parse } from 'parse5';
import type { Answer } from '../user-agents/http.ts';

interface Node {
  nodeName: string;
  attrs?: { name: string; value: string }[];
  childNodes?: Node[];
}

const attribute = (node: Node, name: string) => node.attrs?.find((one) => one.name === name)?.value;
const all = (node: Node, name: string): Node[] => [
  ...(node.nodeName === name ? [node] : []),
  ...(node.childNodes ?? []).flatMap((child) => all(child, name)),
];

/**
 * The form of a consent page, filled in as it stands: the first organization, where there is a choice.
 *
 * @returns undefined for any other answer
 */
export function consentFormOf(answer: Pick<Answer, 'url' | 'status' | 'text'>) {
  return answer.status === 200 && answer.url.pathname === '/consent' ? formIn(answer) : undefined;
}

/**
 * The form that signs the person before out of Logto, when another one has just proven who they are in the same browser
 * (oidc-provider, actions/authorization/resume.js): a page without words that sends itself.
 *
 * @returns undefined for any other answer
 */
export function changeOfPersonIn(answer: Pick<Answer, 'url' | 'status' | 'text'>) {
  if (answer.status !== 200 || !/\/auth\/[\w-]+$/.test(answer.url.pathname)) return undefined;
  const form = formIn(answer);
  return form?.url.pathname.endsWith('/session/end/confirm') ? form : undefined;
}

function formIn(answer: Pick<Answer, 'url' | 'text'>) {
  const form = all(parse(answer.text) as Node, 'form').find(
    (one) => attribute(one, 'method')?.toLowerCase() === 'post',
  );
  if (!form) return undefined;
  const inputs = all(form, 'input').map((one) => [attribute(one, 'name'), attribute(one, 'value') ?? '']);
  const choices = all(form, 'select').map((one) => {
    const [first] = all(one, 'option');
    return [attribute(one, 'name'), first ? attribute(first, 'value') : undefined];
  });
  const fields = Object.fromEntries(
    [...inputs, ...choices].filter((field): field is [string, string] =>
      field.every((part) => part !== undefined),
    ),
  );
  return { url: new URL(attribute(form, 'action') ?? '', answer.url), fields };
}
