import { expect, it } from 'vitest';
import { showsStack } from './stacks.ts';

const stack =
  'SyntaxError: Expected property name<br> &nbsp; &nbsp;at JSON.parse (&lt;anonymous&gt;)<br> &nbsp; &nbsp;at parse (/srv/app/node_modules/body-parser/lib/types/json.js:92:19)';
const page = `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n<body>\n<pre>${stack}</pre>\n</body>\n</html>\n`;

it('the page of Express for developers is none of an app that was started here, and one where it is deployed', () => {
  expect(showsStack(page, { hasLog: true })).toBe(false);
  expect(showsStack(page, {})).toBe(true);
});
it('what an app sends itself is', () => {
  expect(showsStack(JSON.stringify({ error: new Error('x').stack }), { hasLog: true })).toBe(true);
  expect(showsStack(`<h1>Oh</h1><pre>${stack}</pre>`, { hasLog: true })).toBe(true);
  expect(showsStack('<pre>Bad Request</pre>', {})).toBe(false);
});
