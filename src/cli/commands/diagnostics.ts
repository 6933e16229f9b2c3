import { resolve } from 'node:path';
import { grouped } from '../../shared/grouped.ts';
import { withClient } from '../client/call-reader.ts';
import type { CommandKit } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { table } from '../text/table.ts';
import { writeOutgoing } from '../values/write-outgoing.ts';

interface DiagnosticsFlags {
  readonly output?: string;
}

const HOLDS = {
  app: 'versions, system, number of runs',
  doctor: 'what doctor says',
  settings: 'aiworkflow.yaml as it is read, and what is wrong with it',
  failures: 'why the last runs failed: codes and messages',
  storage: 'what takes room',
  log: 'the log of the app',
} as const;

/** `diagnostics [-o FILE]`. */
export function addDiagnostics(kit: CommandKit): void {
  kit.program
    .command('diagnostics')
    .description(
      'List what an archive for whoever helps you would hold; with -o make it. No inputs, outputs or secrets',
    )
    .option('-o, --output <file>', 'make the archive')
    .action(kit.run(diagnostics));
}

async function diagnostics(context: CliContext, { output }: DiagnosticsFlags): Promise<ExitCode> {
  return withClient(context, async (client) => {
    const { files } = await client.call('app.planDiagnostics', {});
    const list = table(
      ['FILE', 'BYTES', 'HOLDS'],
      files.map(({ name, bytes, holds }) => [name, grouped(bytes), HOLDS[holds]]),
    );
    if (output === undefined) {
      print(context, { files }, () => `${list}Nothing was written: 'aiworkflow diagnostics -o FILE' makes it.`);
      return EXIT.ok;
    }
    const first = await client.call('app.diagnostics', {});
    const next = (cursor: string): ReturnType<typeof client.call<'app.diagnostics'>> =>
      client.call('app.diagnostics', { cursor });
    const written = await writeOutgoing(resolve(context.cwd, output), first, next);
    print(context, { ...written, files }, () => `${list}Written to ${written.file}`);
    return EXIT.ok;
  });
}
