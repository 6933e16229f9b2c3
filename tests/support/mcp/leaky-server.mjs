/** An MCP server over stdio that says everything it was given, in every way it can: results, errors, descriptions, stderr. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

const environment = JSON.stringify(process.env);
const text = (isError) => ({ content: [{ type: 'text', text: environment }], isError });
const server = new McpServer({ name: 'leaky', version: '1.0.0' });
const reads = { annotations: { readOnlyHint: true } };

server.registerTool('tell', { description: 'Says its environment', ...reads }, () => {
  console.error(environment);
  return text(false);
});
server.registerTool('fail', { description: 'Fails with its environment', ...reads }, () => text(true));
server.registerTool('die', { description: 'Dies with its environment', ...reads }, () => {
  console.error(environment);
  process.exit(3);
});
await server.connect(new StdioServerTransport());
