/** The answers that send somebody away. */
import type { Node } from '@babel/types';
import { calledName } from './syntax.ts';

const SENDS = /^(?:redirect|sendRedirect|navigateTo|signIn|abortNavigation)$/;
const REFUSES = /^(?:unauthorized|forbidden)$/;

/** Whether an expression is the answer that sends somebody away: a redirect, 401 or 403. */
export function sendsAway(node: Node | null | undefined): 'redirect' | 'refuse' | undefined {
  if (!node) return undefined;
  switch (node.type) {
    case 'AwaitExpression':
      return sendsAway(node.argument);
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
      return sendsAway(node.expression);
    case 'CallExpression': {
      const { callee } = node;
      const name = calledName(node);
      if (REFUSES.test(name)) return 'refuse';
      if (SENDS.test(name)) return 'redirect';
      if (node.arguments.some((each) => isRefusal(each))) return 'refuse';
      // `res.status(401).json(…)`
      return callee.type === 'MemberExpression' ? sendsAway(callee.object) : undefined;
    }
    case 'NewExpression':
      return node.arguments.some((each) => isRefusal(each)) ? 'refuse' : undefined;
    case 'ObjectExpression':
      // What getServerSideProps of Next.js answers.
      return node.properties.some(
        (property) =>
          property.type === 'ObjectProperty' &&
          property.key.type === 'Identifier' &&
          property.key.name === 'redirect',
      )
        ? 'redirect'
        : undefined;
    default:
      return undefined;
  }
}

/** `401`, `{ status: 401 }`, `{ statusCode: 403 }`. */
const isRefusal = (node: Node): boolean =>
  (node.type === 'NumericLiteral' && (node.value === 401 || node.value === 403)) ||
  (node.type === 'ObjectExpression' &&
    node.properties.some((property) => property.type === 'ObjectProperty' && isRefusal(property.value)));
