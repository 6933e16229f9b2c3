import type { BudgetQuestion } from '../../shared/model/cost-limit.ts';
import { withClient } from '../client/call-reader.ts';
import type { addGroup, CommandKit } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode, exitCodeOfRun } from '../exit-codes.ts';
import { conductRun } from '../live/conduct-run.ts';
import { runReportText } from '../live/run-report.ts';
import { print } from '../print.ts';
import { usageError } from '../report-error.ts';
import { table } from '../text/table.ts';
import { localTime } from '../text/time-text.ts';

interface RaiseFlags {
  readonly by: string;
  readonly once?: boolean;
}

/** `costs questions` and `costs raise RUN`: runs that limits have parked, and the answer that lets one go on. */
export function addCostQuestions(kit: CommandKit, costs: ReturnType<typeof addGroup>): void {
  costs.command('questions').description('List the runs that a full limit has paused').action(kit.run(listQuestions));
  costs
    .command('raise')
    .argument('<run>', 'id of the run')
    .description('Raise the limit that has paused a run: it goes on, and so do the others that it has paused')
    .requiredOption('--by <usd>', 'by how much')
    .option('--once', 'only for this run, and only until the limit begins anew')
    .action(kit.run(raise));
}

async function listQuestions(context: CliContext): Promise<ExitCode> {
  await withClient(context, async (client) => {
    const { questions } = await client.call('costs.questions', {});
    print(context, { questions, count: questions.length }, () => questionsText(questions));
  });
  return EXIT.ok;
}

function questionsText(questions: readonly BudgetQuestion[]): string {
  if (questions.length === 0) return 'No run waits for a limit.';
  const rows = questions.map(({ runId, workflowName, limit, asked, needs, goesOnAt }) => [
    ...[runId, workflowName, limit.name, `$${limit.spent} of $${limit.max_cost}`],
    ...[asked === null ? 'unpriced' : `$${asked}`, `$${needs}`, goesOnAt === null ? '-' : localTime(goesOnAt)],
  ]);
  return [
    table(['RUN', 'WORKFLOW', 'LIMIT', 'SPENT', 'THE CALL', 'NEEDS', 'GOES ON'], rows).trimEnd(),
    '',
    "'aiworkflow costs raise RUN --by USD --once' lets one run go on, without '--once' the limit is raised for good; 'aiworkflow runs cancel RUN' stops it.",
  ].join('\n');
}

/** What was shown is what is answered: the hash of the question goes with the answer. It stays with the run until it rests the next time. */
async function raise(context: CliContext, runId: string, { by, once = false }: RaiseFlags): Promise<ExitCode> {
  return withClient(context, async (client) => {
    const { questions } = await client.call('costs.questions', {});
    const question = questions.find((one) => one.runId === runId);
    if (question === undefined)
      throw usageError(`The run ${runId} waits for no limit.`, "'aiworkflow costs questions' lists the runs that do.");
    const view = await conductRun(context, client, async () => {
      await client.call('costs.raise', { runId, limit: question.limit.name, hash: question.hash, by, once });
      return runId;
    });
    const { limits } = await client.call('costs.limits', {});
    const limit = limits.find(({ name }) => name === question.limit.name) ?? question.limit;
    const result = await client.call('runs.result', { runId });
    print(context, { limit, run: result }, () => runReportText(view, result, context));
    return exitCodeOfRun(view.run, { allowPartial: true, isInterrupted: context.interrupts.isInterrupted });
  });
}
