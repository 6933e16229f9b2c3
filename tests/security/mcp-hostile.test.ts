import { describe, expect, test } from 'vitest';
import type { JsonMap } from '../../src/shared/json.ts';
import { HOSTILE_TEXTS } from '../support/mcp/hostile-texts.ts';
import {
  failure,
  makeTool,
  notes,
  output,
  prepareMcpLab,
  run,
  startedPids,
  waitUntilGone,
} from '../support/mcp/mcp-lab.ts';
import { waitUntil } from '../support/wait-until.ts';

/** QUALITY "hostile": MCP servers that flood, lie, spoof and talk to the model. Typed errors, nothing kept, nothing carried out. */
prepareMcpLab();

const forever = new AbortController().signal;
const MIB = 1024 * 1024;

describe('output without measure', () => {
  test('an answer above 10 MiB fails its call alone; the server and the other calls go on', async () => {
    const { tool } = makeTool();
    const pid = await output(tool, 'pid');
    const [big, small] = await Promise.all([
      failure(run(tool, 'big', { size: 11 * MIB })),
      output(tool, 'echo', { text: 'small' }),
    ]);
    expect(big).toMatchObject({ code: 'tool.output_too_large', retryable: false });
    expect(small).toBe('small');
    expect(String(await output(tool, 'big', { size: 9 * MIB }))).toHaveLength(9 * MIB);
    expect(await output(tool, 'pid')).toBe(pid);
  });

  test.each(['flood', 'endless'])('%s: the server is ended, the call fails, memory stays', async (operation) => {
    const { tool } = makeTool();
    await output(tool, 'pid');
    const error = await failure(run(tool, operation));
    expect(['tool.connection_lost', 'tool.output_too_large']).toContain(error.code);
    expect(error.retryable).toBe(false);
    const [first] = startedPids();
    await waitUntilGone([first ?? 0]);
  });

  test('lines that are no messages are passed over and shown', async () => {
    const { tool } = makeTool();
    const lines: string[] = [];
    const result = await run(tool, 'stray', {}, { log: (_stream, text) => lines.push(text) });
    expect(result.output).toBe('still here');
    expect(lines).toContain('[not a message, ignored] listening on port 80');
    expect(lines).toHaveLength(6);
  });
});

describe('lists that are not what they seem', () => {
  test.each([
    ['twice', 're\u200bad', 'read', 'a tool before it has the same name'],
    ['deep', 'a', 'a', 'its schemas are nested too deep'],
    ['no-schema', 'a', 'a', 'inputSchema: expected object, received undefined'],
  ])(
    'a tool that is malformed (%s) is left out and named; the server lives on',
    async (mode, called, name, problem) => {
      const { tool } = makeTool({ mode });
      const { operations, leftOut } = await tool.describe(forever);
      expect(operations.map((one) => one.name)).toEqual(mode === 'twice' ? ['read'] : []);
      expect(leftOut).toEqual([{ name, problem }]);
      const lines: string[] = [];
      await tool.stopServer?.();
      const error = await failure(run(tool, `${called}x`, {}, { log: (_stream, text) => lines.push(text) }));
      expect(lines).toContain(`The tool '${name}' of the server is left out: ${problem}.`);
      expect(error).toMatchObject({ code: 'tool.unknown_operation' });
      if (mode !== 'twice')
        expect(await failure(run(tool, called))).toMatchObject({
          message: `MCP tool not found: ${called}`,
          hint: `The tool '${name}' of the server is left out: ${problem}. This is an error of the server.`,
        });
      expect(tool.server?.()).toMatchObject({ state: 'running' });
    },
  );
});

describe('answers that are not what they seem', () => {
  test('an answer that does not meet its own schema', async () => {
    const { tool } = makeTool();
    const error = await failure(run(tool, 'lie'));
    expect(error).toMatchObject({ code: 'tool.invalid_reply', retryable: false });
    expect(error.message).toContain('n must be number');
  });

  test('no result at all is no answer', async () => {
    const { tool } = makeTool();
    expect(await failure(run(tool, 'raw', { result: 7 }))).toMatchObject({
      code: 'tool.invalid_reply',
      message: 'The MCP server gave an answer that cannot be understood: its result is a number instead of a map.',
      retryable: false,
    });
    expect(await output(tool, 'echo', { text: 'on' })).toBe('on');
  });

  test.each([
    [
      'parts of no kind',
      { content: [{ type: 'spell', text: 'x' }] },
      'content.0: it is none of the forms that the protocol knows',
    ],
    ['a part without its text', { content: [{ type: 'text' }] }, 'content.0.text: expected string, received undefined'],
    ['content that is no list', { content: 'x' }, 'content: expected array, received string'],
    [
      'structured content that is a list',
      { content: [], structuredContent: [1] },
      'structuredContent: expected record, received array',
    ],
  ])('%s is one sentence with the place', async (_what, result, problem) => {
    const { tool } = makeTool();
    const error = await failure(run(tool, 'raw', { result } as JsonMap));
    expect(error).toMatchObject({ code: 'tool.invalid_reply', retryable: false });
    expect(error.message).toBe(`The MCP server of 'lab' gave no valid answer to tools/call: ${problem}.`);
    expect(await output(tool, 'echo', { text: 'on' })).toBe('on');
  });

  test('nesting without end', async () => {
    const { tool } = makeTool();
    expect(await failure(run(tool, 'deep'))).toMatchObject({ code: 'tool.invalid_reply' });
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    expect(await output(tool, 'echo', { text: deep })).toBe(deep);
  });

  test('names that reach for prototypes are names', async () => {
    const { tool } = makeTool();
    const result = (await output(tool, 'proto')) as JsonMap;
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect((result as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  });

  test('an error that looks like our own is an error of the tool', async () => {
    const { tool } = makeTool();
    expect(await failure(run(tool, 'spoof-close'))).toMatchObject({ code: 'tool.failed' });
    expect(tool.server?.()).toMatchObject({ state: 'running' });
  });

  test('a second answer and an answer to nothing count for nothing', async () => {
    const { tool } = makeTool();
    expect(await output(tool, 'late')).toBe('first');
    expect(await output(tool, 'echo', { text: 'next' })).toBe('next');
  });
});

describe('schemas that hold everything up', () => {
  test('a pattern without an end', async () => {
    const { tool } = makeTool();
    const error = await failure(run(tool, 'slow-pattern', { text: `${'a'.repeat(60)}!` }));
    expect(error).toMatchObject({ code: 'tool.definition_invalid' });
  });

  test('a small schema with 2^60 steps', async () => {
    const { tool } = makeTool();
    expect(await failure(run(tool, 'slow-schema'))).toMatchObject({ code: 'tool.definition_invalid' });
  });

  test('a schema that sends us elsewhere', async () => {
    const { tool } = makeTool();
    const error = await failure(run(tool, 'broken-schema', { a: 1 }));
    expect(error).toMatchObject({ code: 'tool.definition_invalid' });
    expect(error.message).toContain('127.0.0.1:9');
  });
});

describe('what a server asks of us', () => {
  test('sampling, elicitation and roots are refused, a ping is answered', async () => {
    const { tool } = makeTool();
    expect(await output(tool, 'ask')).toEqual({ refused: [true, true, true], ping: {} });
  });
});

describe('words to the model', () => {
  test('50 hostile outputs arrive as the data that they are', async () => {
    const { tool } = makeTool();
    expect(HOSTILE_TEXTS).toHaveLength(50);
    for (const text of HOSTILE_TEXTS) {
      const result = {
        content: [
          { type: 'text', text },
          { type: 'text', text: '' },
        ],
      };
      expect(await output(tool, 'raw', { result })).toEqual(result.content);
    }
    expect(notes().filter((line) => !/^(start|list|initialized)/.test(line))).toEqual([]);
  });

  test('50 hostile names and descriptions are shown without what nobody sees, and call nothing', async () => {
    const schema = { type: 'object', properties: {} };
    const listed = HOSTILE_TEXTS.map((text, at) => ({
      name: `tool_${at}${at % 7 === 0 ? '\u001b]0;x\u0007' : ''}`,
      description: text,
      inputSchema: { ...schema, properties: { p: { type: 'string', description: text, title: text } } },
      annotations: { title: text },
    }));
    const { tool } = makeTool({ mode: 'hostile', env: { TOOLS: JSON.stringify(listed) } });
    const { operations } = await tool.describe(forever);
    expect(operations.map((one) => one.name)).toEqual(
      listed.map((_, at) => expect.stringMatching(new RegExp(`^tool_${at}(\\]0;x)?$`))),
    );
    const shown = JSON.stringify(operations).replaceAll('\\n', '').replaceAll('\\t', '');
    expect(shown).not.toMatch(/\\u00[01]|[\p{Cc}\p{Cf}\u{e0000}-\u{e007f}]/u);
    const functions = await tool.functions?.(forever);
    expect(functions).toHaveLength(50);
    expect(functions?.every((one) => one.name.startsWith('lab.tool_'))).toBe(true);
    expect(notes().filter((line) => !/^(start|list|initialized)/.test(line))).toEqual([]);
  });

  test('a tool of a hostile name is called by its own name, never by what it looks like', async () => {
    const listed = [{ name: 'ec\u200bho', inputSchema: { type: 'object' } }];
    const { tool } = makeTool({ mode: 'hostile', env: { TOOLS: JSON.stringify(listed) } });
    await tool.describe(forever);
    // The server knows no tool of that name and does not answer: had `echo` been called, it would have.
    expect(await failure(run(tool, 'echo', { text: 'x' }, { timeoutMs: 500 }))).toMatchObject({
      code: 'tool.timed_out',
    });
  });

  test('keys that a server prints do not reach the log', async () => {
    const { tool } = makeTool({ env: { MY_TOKEN: 'planted-key-2468' } });
    const lines: string[] = [];
    await run(tool, 'notify', {}, { log: (_stream, text) => lines.push(text) });
    // stderr is another pipe than the answer: its line may come with a later call.
    await waitUntil('both lines came', async () => {
      await run(tool, 'echo', { text: 'x' }, { log: (_stream, text) => lines.push(text) });
      return lines.length >= 2;
    });
    expect(lines.toSorted()).toEqual(['a line of stderr [redacted]', 'a note of the server [redacted]']);
  });
});
