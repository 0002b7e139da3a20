import { expect, it } from 'vitest';
import { socketsIn } from './sockets.ts';

it.each([
  ["new WebSocket('/live')", ['/live']],
  ["new WebSocket(location.origin.replace('http', 'ws') + '/ws')", ['/ws']],
  ['const s = new WebSocket(`wss://${location.host}/api/ws?room=7`);', ['/api/ws?room=7']],
  ['new WebSocket("ws://localhost:3000/cable", ["v1"])', ['/cable']],
  ['new WebSocket(url)', []],
])('%s', (script, expected) => {
  expect(socketsIn(`<script>${script}</script>`)).toEqual(expected);
});
