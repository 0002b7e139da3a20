import { describe, expect, it, vi } from 'vitest';
import { main } from './cli.ts';

/** Runs the command line here and returns what it said. */
async function say(...args: string[]): Promise<{ code: number; text: string }> {
  let text = '';
  const keep = (chunk: string | Uint8Array) => {
    text += chunk;
    return true;
  };
  const [error, out] = [
    vi.spyOn(process.stderr, 'write').mockImplementation(keep as never),
    vi.spyOn(process.stdout, 'write').mockImplementation(keep as never),
  ];
  try {
    return { code: await main(['node', 'authjs-conformance', ...args]), text };
  } finally {
    error.mockRestore();
    out.mockRestore();
  }
}

const THREE_LINES = /^\n(CONF_\w+): .*\n {2}Expected: .*\n {2}Do: .*\n$/;

describe('what nobody can mean is refused in three lines, with exit code 2', () => {
  it.each([
    ['an unknown flag', ['run', '--comand', 'x'], 'CONF_COMMAND_LINE', 'did you mean --command?'],
    ['a flag without its value', ['run', '--shard'], 'CONF_COMMAND_LINE', 'a value after the flag'],
    ['a command without its argument', ['explain'], 'CONF_COMMAND_LINE', 'see --help'],
    ['more repeats than anybody waits for', ['run', '--repeat-each', '1000000'], 'CONF_COMMAND_LINE', '100'],
    ['a sign without a key', ['sign', 'x'], 'CONF_COMMAND_LINE', '--key'],
    ['a port of letters', ['mocks', '--port', 'abc'], 'CONF_PORT_INVALID', '"abc" is no port'],
    ['a port that is too high', ['mocks', '--control-port', '70000'], 'CONF_PORT_INVALID', '--control-port'],
    [
      'a config that is not there',
      ['mocks', '--connector-config', 'no.json'],
      'CONF_CONNECTOR_UNREADABLE',
      'no.json',
    ],
    ['an unknown suite', ['list', 'sesion'], 'CONF_SELECTION_UNKNOWN', 'did you mean session?'],
  ])('%s', async (_, args, code, words) => {
    const said = await say(...args);
    expect(said.code).toBe(2);
    expect(THREE_LINES.exec(said.text)?.[1]).toBe(code);
    expect(said.text).toContain(words);
  });
  it('help is no error', async () => {
    expect(await say('mocks', '--help')).toMatchObject({ code: 0, text: expect.stringContaining('--port') });
  });
  it('a selection is listed without Playwright, by any usual spelling', async () => {
    const { code, text } = await say('list', 'RFC 6749 4.1.2');
    expect(code).toBe(0);
    expect(text).toMatch(/\n\d+ checks\n$/);
  });
});
