import type { StepWarning } from '../../shared/model/run.ts';
import { endOpenCalls, hasCalledEffects } from './agent-calls.ts';
import type { Attempt, AttemptContext, AttemptOutcome, Interruption } from './attempt.ts';
import type { AttemptSettler } from './attempt-settler.ts';
import {
  chooseNextAgent,
  countsForBreaker,
  type FailoverDecision,
  failoverWarnings,
  standInMeanwhile,
} from './failover.ts';
import { asksPerson, isKeyAway } from './key-away.ts';
import type { Ending } from './open-attempts.ts';
import type { Playback } from './playback.ts';
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
  readonly playback?: Playback;
}

/**
 * How an agent's attempt ends: its breaker counts, and where it failed for good the next healthy agent takes the step over (SPEC §3.7),
 * one that is asked before the end is written down. A step that has called a tool with an effect stays where it is: nobody repeats
 * that effect. The ending also ends the tool calls that are still open.
 */
export async function endAgentAttempt(
  attempt: Attempt,
  outcome: AttemptOutcome,
  settling: AgentSettling,
): Promise<Ending> {
  const { recorder, settler, host, warnings, interruption } = settling;
  const { path } = attempt;
  const agent = attempt.agent?.name ?? '';
  settling.context.conversation?.end();
  const endAs = (ended: AttemptOutcome, said: readonly StepWarning[]): Ending => {
    return () => {
      endOpenCalls(recorder, path, interruption() === 'cancel');
      settler.settle(attempt, ended, said, interruption());
    };
  };
  const isPlayed = settling.playback?.covers(path) === true;
  if (outcome.kind === 'completed' && !isPlayed) host.agents.countSuccess(agent);
  if (
    outcome.kind === 'completed' ||
    interruption() !== null ||
    isKeyAway(outcome.error) ||
    asksPerson(outcome.error) ||
    settler.wouldRetry(attempt, outcome.error)
  )
    return endAs(outcome, warnings);
  const { error } = outcome;
  if (countsForBreaker(error) && !isPlayed) host.agents.countFailure(agent);
  if (settling.isStopping() || hasCalledEffects(recorder.state, path)) return endAs(outcome, warnings);
  const next = isPlayed ? tookOver(attempt, agent, settling) : await askOthers(attempt, agent, { error, settling });
  const all = [...warnings, ...outcome.warnings, ...next.warnings];
  const { to } = next;
  if (to === null) return endAs({ ...outcome, warnings: [] }, all);
  return () => {
    // While the others were asked another step may have lost the same agent, or the run its last change of hands.
    const { state } = recorder;
    const record = state.steps.get(path);
    const meanwhile = record === undefined ? null : standInMeanwhile(state, record, agent);
    const shared = isPlayed && meanwhile !== to ? null : meanwhile;
    const isLeft = isPlayed || shared !== null || state.failovers.length < host.agents.failover.maxAttempts;
    if (interruption() === null && isLeft)
      settler.failOver(attempt, error, { to: shared ?? to, isShared: shared !== null, warnings: all });
    else endAs({ ...outcome, warnings: [] }, all)();
  };
}

/** Who took over in the recording that answers the step: nobody is asked. */
function tookOver({ path, step }: Attempt, agent: string, { recorder, playback }: AgentSettling): FailoverDecision {
  const record = recorder.state.steps.get(path);
  const to = record === undefined ? null : (playback?.tookOver(record) ?? null);
  return { to, warnings: to === null ? [] : failoverWarnings(step.name, agent, to) };
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
  endOpenCalls(recorder, attempt.path, false);
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
