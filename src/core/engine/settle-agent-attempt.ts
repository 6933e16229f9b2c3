import type { StepWarning } from '../../shared/model/run.ts';
import { endOpenCalls, hasCalledEffects } from './agent-calls.ts';
import type { Attempt, AttemptContext, AttemptOutcome, Interruption } from './attempt.ts';
import type { AttemptSettler } from './attempt-settler.ts';
import { chooseNextAgent, countsForBreaker } from './failover.ts';
import type { EngineHost, EnginePorts, RunnableVersion } from './ports.ts';
import type { RunRecorder } from './run-recorder.ts';

interface AgentSettling {
  readonly recorder: RunRecorder;
  readonly settler: AttemptSettler;
  readonly version: RunnableVersion;
  readonly host: EngineHost;
  readonly ports: EnginePorts;
  readonly context: AttemptContext;
  /** Of the attempt's decision, before it began. */
  readonly warnings: readonly StepWarning[];
  /** As of now: the run may be cancelled while the other agents are asked. */
  readonly interruption: () => Interruption | null;
  readonly isStopping: () => boolean;
}

/**
 * The end of an agent's attempt: its open tool calls end with it, its breaker counts, and where it failed for good the next healthy
 * agent takes the step over (SPEC §3.7). A step that has called a tool with an effect stays where it is: nobody repeats that effect.
 */
export async function settleAgentAttempt(
  attempt: Attempt,
  outcome: AttemptOutcome,
  settling: AgentSettling,
): Promise<void> {
  const { recorder, settler, host, warnings, interruption } = settling;
  const { path } = attempt;
  const agent = attempt.agent?.name ?? '';
  settling.context.conversation?.end();
  endOpenCalls(recorder, path, interruption() === 'cancel');
  if (outcome.kind === 'completed') host.agents.countSuccess(agent);
  if (outcome.kind === 'completed' || interruption() !== null || settler.wouldRetry(attempt, outcome.error))
    return settler.settle(attempt, outcome, warnings, interruption());
  const { error } = outcome;
  if (countsForBreaker(error)) host.agents.countFailure(agent);
  if (settling.isStopping() || hasCalledEffects(recorder.state, path))
    return settler.settle(attempt, outcome, warnings, interruption());
  const next = await askOthers(attempt, agent, { error, settling });
  const all = [...warnings, ...outcome.warnings, ...next.warnings];
  if (next.to === null || interruption() !== null)
    return settler.settle(attempt, { ...outcome, warnings: [] }, all, interruption());
  settler.failOver(attempt, error, { to: next.to, warnings: all });
}

async function askOthers(
  attempt: Attempt,
  agent: string,
  {
    error,
    settling,
  }: { readonly error: Extract<AttemptOutcome, { kind: 'failed' }>['error']; readonly settling: AgentSettling },
): ReturnType<typeof chooseNextAgent> {
  const { recorder, host, version, ports, context } = settling;
  const record = recorder.state.steps.get(attempt.path);
  if (record === undefined) return { to: null, warnings: [] };
  // The ends of open calls are durable before anybody is waited for.
  await recorder.commit();
  const next = await chooseNextAgent(
    { name: attempt.step.name, record },
    { agent, error },
    {
      state: recorder.state,
      agents: host.agents,
      fallbackAgent: version.config.fallbackAgent,
      now: ports.now(),
      signal: context.signal,
    },
  );
  for (const { message } of next.warnings) {
    context.log('log', message, 'warning');
    context.conversation?.note({ kind: 'note', level: 'warning', text: message });
  }
  return next;
}
