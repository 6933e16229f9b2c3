/**
 * An MCP server over stdio whose tools are what a file says at the moment: `[{name, description}]`. Arguments: the file, and a file
 * into which it writes that it was started.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [tools, started] = process.argv.slice(2);
if (started !== undefined) appendFileSync(started, `${process.pid}\n`);
const answers = {
  initialize: () => ({
    protocolVersion: '2025-06-18',
    capabilities: { tools: {} },
    serverInfo: { name: 'described', version: '1.0.0' },
  }),
  ping: () => ({}),
  'tools/list': () => ({
    tools: JSON.parse(readFileSync(tools, 'utf8')).map((tool) => ({ inputSchema: { type: 'object' }, ...tool })),
  }),
  'tools/call': ({ name }) => ({ content: [{ type: 'text', text: `called ${name}` }] }),
};
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  const result = answers[method]?.(params);
  if (id !== undefined && result !== undefined)
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`);
});
