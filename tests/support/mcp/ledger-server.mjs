/**
 * An MCP server over stdio whose tools write down that they were called and then never answer: a test decides when somebody dies.
 * Argument: the file of the ledger.
 */
import { appendFileSync } from 'node:fs';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

const [ledger] = process.argv.slice(2);
const never = new Promise(() => undefined);
const server = new McpServer({ name: 'ledger', version: '1.0.0' });

server.registerTool(
  'post',
  { description: 'Posts an amount', inputSchema: { amount: z.number() }, annotations: { readOnlyHint: false } },
  ({ amount }) => {
    appendFileSync(ledger, `post ${amount}\n`);
    return never;
  },
);
server.registerTool('balance', { description: 'Reads the balance', annotations: { readOnlyHint: true } }, () => {
  appendFileSync(ledger, 'balance\n');
  return never;
});
await server.connect(new StdioServerTransport());
