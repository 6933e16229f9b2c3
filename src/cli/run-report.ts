import type { RunResult } from '../shared/model/run.ts';
import { EXIT } from './exit-codes.ts';
import { durationText, type Output } from './output.ts';

interface ReportOptions {
  readonly allowPartial: boolean;
  readonly wasInterrupted: boolean;
  readonly files: readonly string[];
  readonly filesFolder: string;
}

/** Prints what became of a run and gives the exit code (SPEC §13 `run`, §3.3 for partial). */
export function reportRun(result: RunResult, output: Output, options: ReportOptions): number {
  const isSuccess = result.status === 'completed' && (result.outcome === 'success' || options.allowPartial);
  output.result(isSuccess ? successValue(result) : failureValue(result), reportText(result, options));
  if (isSuccess) return EXIT.ok;
  if (options.wasInterrupted && result.status === 'cancelled') return EXIT.interrupted;
  if (result.status === 'in_doubt' || result.status === 'waiting' || result.status === 'paused') return EXIT.waiting;
  return EXIT.error;
}

const stepsTotal = (result: RunResult): number => result.step_results.length;

function successValue(result: RunResult): Record<string, unknown> {
  return {
    success: true,
    run_id: result.run_id,
    status: result.status,
    outcome: result.outcome,
    outputs: result.final_output ?? {},
    duration_seconds: result.duration_seconds,
    steps_succeeded: result.steps_succeeded,
    steps_total: stepsTotal(result),
    cost: result.cost,
  };
}

function failureValue(result: RunResult): Record<string, unknown> {
  return {
    success: false,
    error: errorText(result),
    code: result.error?.code ?? null,
    run_id: result.run_id,
    status: result.status,
    outcome: result.outcome,
    steps_succeeded: result.steps_succeeded,
    steps_total: stepsTotal(result),
  };
}

function errorText(result: RunResult): string {
  if (result.error !== null) return result.error.message;
  if (result.outcome === 'partial') {
    const failed = result.step_results.filter((step) => step.status === 'failed').map((step) => step.step_id);
    return `Partial: ${failed.length} of ${stepsTotal(result)} steps failed (${failed.join(', ')})`;
  }
  const doubted = result.step_results.find((step) => step.status === 'in_doubt');
  if (doubted !== undefined)
    return `Step '${doubted.step_id}' is in doubt: it began, but nobody knows how it ended. Decide with 'aiworkflow runs resolve'.`;
  return `The run is ${result.status}.`;
}

const WORDS: Readonly<Record<string, string>> = {
  cancelled: '🚫 Cancelled',
  failed: '❌ Failed',
  in_doubt: '❓ In doubt',
  paused: '⏸ Paused',
  waiting: '⏳ Waiting',
  running: '⏳ In Progress',
  pending: '⏳ In Progress',
};

/** The word for a run's state; partial is never shown as success. */
export function statusWord(status: string, outcome: string | null): string {
  if (status === 'completed') return outcome === 'partial' ? '⚠️ Partial' : '✅ Success';
  return WORDS[status] ?? status;
}

function reportText(result: RunResult, options: ReportOptions): string {
  const lines = [
    `${statusWord(result.status, result.outcome)}: ${result.steps_succeeded} of ${stepsTotal(result)} steps in ${durationText(result.duration_seconds)}`,
    `Run: ${result.run_id}`,
  ];
  if (result.status !== 'completed' || result.outcome === 'partial') lines.push(`Why: ${errorText(result)}`);
  if (result.error?.hint !== undefined) lines.push(`Tip: ${result.error.hint}`);
  const outputs = result.final_output;
  if (outputs !== null && typeof outputs === 'object' && !Array.isArray(outputs) && Object.keys(outputs).length > 0) {
    lines.push(
      'Outputs:',
      ...Object.entries(outputs).map(
        ([name, value]) => `  ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
      ),
    );
  }
  for (const one of result.success_conditions) lines.push(`Condition ${one.result}: ${one.condition}`);
  if (options.files.length > 0)
    lines.push(`Files in ${options.filesFolder}:`, ...options.files.map((file) => `  ${file}`));
  return lines.join('\n');
}
