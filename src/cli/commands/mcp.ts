import type { CommandKit } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';

/** `mcp`: the trusted workflows of the project as tools for other agents. */
export function addMcp(kit: CommandKit): void {
  kit.program
    .command('mcp')
    .description('Offer the trusted workflows as MCP tools on stdin and stdout, for an agent that starts this command')
    .action(kit.run(serve));
}

async function serve(context: CliContext): Promise<ExitCode> {
  const { serveMcp } = await import('../mcp/serve-mcp.ts');
  await serveMcp(context, (await context.place()).version);
  return EXIT.ok;
}
