import type { FilesTaken } from '../../shared/model/events.ts';
import type { StepWarning } from '../../shared/model/run.ts';
import type { Workflow } from '../../shared/model/workflow.ts';
import type { Attempt } from './attempt.ts';
import type { EngineHost } from './ports.ts';
import type { RunRecorder } from './run-recorder.ts';

/** What an attempt may change as far as undo covers it; null = nothing of it is covered, or it changes nothing. */
export function coveredBy(
  { step, role, tool, effect }: Pick<Attempt, 'step' | 'role' | 'tool' | 'effect'>,
  workflow: Workflow,
): readonly string[] | null {
  const patterns = step.workspace ?? workflow.workspace;
  if (patterns === undefined || (role !== 'main' && role !== 'fallback')) return null;
  const isQuiet = tool.category === 'built_in' && effect === 'pure' && step.outputFile === undefined;
  return isQuiet ? null : patterns;
}

interface Around {
  readonly recorder: RunRecorder;
  readonly host: Pick<EngineHost, 'takeFiles'>;
}

/** What was found after an attempt; its event belongs into the commit of the attempt's end. */
export interface TakenAfter {
  readonly event: FilesTaken;
  readonly warnings: readonly StepWarning[];
}

/** Takes down what an attempt finds; durable before the attempt does anything. */
export async function takeBefore(
  { path, attempt }: Pick<Attempt, 'path' | 'attempt'>,
  patterns: readonly string[],
  { recorder, host }: Around,
): Promise<readonly StepWarning[]> {
  const { taken, warnings } = await host.takeFiles(recorder.state.runId, patterns);
  recorder.emit({ type: 'files.taken', path, attempt, when: 'before', ...taken });
  await recorder.commit();
  return warnings;
}

/** Takes down what an attempt leaves, however it ended. */
export async function takeAfter(
  { path, attempt }: Pick<Attempt, 'path' | 'attempt'>,
  patterns: readonly string[],
  { recorder, host }: Around,
): Promise<TakenAfter> {
  const { taken, warnings } = await host.takeFiles(recorder.state.runId, patterns);
  return { event: { type: 'files.taken', path, attempt, when: 'after', ...taken }, warnings };
}
