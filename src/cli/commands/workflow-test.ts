import type { WorkflowTest } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { ReplayReport } from '../../shared/model/cassette.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext, OpenClient } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { differenceLines, replayText } from '../text/drift-text.ts';
import { withWorkflowRef } from '../values/workflow-ref.ts';
import { playRecording } from './runs-recordings.ts';

/** How a test came out; `report` null = it could not be replayed at all. */
interface TestResult {
  readonly name: string;
  readonly verdict: 'passed' | 'drift' | 'failed';
  readonly runId: string | null;
  readonly problem: string | null;
  readonly report: ReplayReport | null;
}

/** `workflow test WORKFLOW [--only NAME]`: replays its recordings against the workflow as it is; 0 when all are as recorded, else 1. */
export async function testWorkflow(
  context: CliContext,
  workflow: string,
  { only }: { readonly only?: string },
): Promise<ExitCode> {
  return withClient(context, async (client) => {
    const { ref, tests } = await withWorkflowRef(workflow, context.cwd, async (at) => ({
      ref: at,
      tests: (await client.call('cassettes.list', { workflow: at })).tests,
    }));
    const wanted = tests.filter(({ name }) => only === undefined || name === only);
    if (wanted.length === 0)
      throw new AppError(
        'cassette.not_found',
        only === undefined ? 'This workflow has no tests.' : `There is no test '${only}' of this workflow.`,
        { hint: "Keep a run as a test: 'aiworkflow runs save-test RUN NAME'." },
      );
    const results: TestResult[] = [];
    for (const test of wanted) results.push(await runTest(context, client, ref, test));
    const passed = results.filter(({ verdict }) => verdict === 'passed').length;
    const failed = results.length - passed;
    const rows = results.map(({ name, verdict, runId, problem, report }) => ({
      ...{ name, verdict, run_id: runId, problem, answered: report?.answered ?? 0, exchanges: report?.exchanges ?? 0 },
      ...{ drift: report?.drift ?? null, outputs: report?.outputs ?? [] },
    }));
    print(context, { workflow, passed, failed, tests: rows }, () =>
      [...results.flatMap(resultLines), `${passed} passed, ${failed} not`, ''].join('\n'),
    );
    return failed === 0 ? EXIT.ok : EXIT.error;
  });
}

async function runTest(
  context: CliContext,
  client: OpenClient,
  workflow: string,
  { name, problem }: WorkflowTest,
): Promise<TestResult> {
  const none = { name, verdict: 'failed', runId: null, report: null } as const;
  if (problem !== null) return { ...none, problem };
  try {
    const { view, report } = await playRecording(context, client, { recording: { workflow, name } });
    const verdict = report.verdict === 'running' ? 'failed' : report.verdict;
    return { name, verdict, runId: view.run.runId, problem: null, report };
  } catch (error) {
    // The inputs do not fit any more, or the workflow has an error: the other tests are told of all the same.
    if (error instanceof AppError && error.kind === 'invalid') return { ...none, problem: error.message };
    throw error;
  }
}

function resultLines({ name, verdict, problem, report }: TestResult): readonly string[] {
  const head = `${verdict.padEnd(7)} ${name}`;
  if (report === null) return [`${head}: ${problem ?? ''}`];
  const differences = differenceLines(report).map((line) => `    ${line}`);
  return [`${head}: ${replayText(report)}`, ...differences];
}
