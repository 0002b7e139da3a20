import { expect, it } from 'vitest';
import { socketsIn } from './socket-lines.ts';
import { othersThan } from './sockets.ts';

it.each([
  ["new WebSocket('/live')", ['/live']],
  ["new WebSocket(location.origin.replace('http', 'ws') + '/ws')", ['/ws']],
  ['const s = new WebSocket(`wss://${location.host}/api/ws?room=7`);', ['/api/ws?room=7']],
  ['new WebSocket("ws://localhost:3000/cable", ["v1"])', ['/cable']],
  ['new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}/live`)', ['/live']],
  ['new WebSocket(url)', []],
])('%s', (script, expected) => {
  expect(socketsIn(`<script>${script}</script>`)).toEqual(expected);
});

it('pages of other sites have origins that look like the own one', () => {
  expect(othersThan('http://localhost:3000')).toEqual([
    'https://evil.example',
    'http://localhost.evil.example:3000',
    'http://evil-localhost:3000',
    'null',
  ]);
  expect(othersThan('https://app.example')).toContain('https://app.example.evil.example');
});
