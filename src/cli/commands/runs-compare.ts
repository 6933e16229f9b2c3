import { withClient } from '../client/call-reader.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { comparisonText } from '../text/comparison-text.ts';
import { runIdArgument } from '../values/option-values.ts';

/** `runs compare RUN [OTHER]`. */
export async function compareRuns(context: CliContext, run: string, other: string | undefined): Promise<ExitCode> {
  const runId = runIdArgument(run);
  const more = other === undefined ? {} : { with: runIdArgument(other) };
  const compared = await withClient(context, (client) => client.call('runs.compare', { runId, ...more }));
  print(context, compared, () => comparisonText(compared));
  return EXIT.ok;
}
