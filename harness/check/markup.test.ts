import { expect, it } from 'vitest';
import { holdsElement } from './markup.ts';

const planted = { tag: 'img', attribute: 'onerror', value: 'alert(1)' };

it.each([
  ['an element of the page', '<h1>Hello <img src=x onerror=alert(1)></h1>', true],
  ['text that is escaped', '<h1>Hello &lt;img src=x onerror=alert(1)&gt;</h1>', false],
  [
    'state for the client',
    '<script type="qwik/json">{"name":"<img src=x onerror=alert(1)>"}</script>',
    false,
  ],
  ['an attribute', '<input value="<img src=x onerror=alert(1)>">', false],
  ['an attribute that it breaks out of', '<input value=<img src=x onerror=alert(1)>', false],
  ['a template', '<template><img src=x onerror="alert(1)"></template>', true],
])('looks for %s', (_, html, found) => expect(holdsElement(html, planted)).toBe(found));
