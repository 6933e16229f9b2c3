import { AppError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import type { Cassette, Drift, ReplayReport } from '../../shared/model/cassette.ts';
import { valueChanges } from '../comparison/index.ts';
import { isEnded, type RunState } from '../engine/index.ts';
import type { ProjectSession } from './project-session.ts';

/** How a run that was answered from a recording came out. Errors: `run.not_found`, `cassette.not_found`. */
export function reportReplay({ engine, host }: Pick<ProjectSession, 'engine' | 'host'>, runId: string): ReplayReport {
  const { state } = engine.stateOf(runId);
  const { replay } = state.created;
  if (replay === undefined)
    throw new AppError('cassette.not_found', 'This run was not answered from a recording.', {
      hint: "Start one with 'aiworkflow runs replay RUN --cassette'.",
    });
  const { tape, name, from } = replay;
  const asked = tape.exchanges.filter(({ role }) => role !== 'call');
  const drift = driftOf(state, tape) ?? (isEnded(state.status) && from === null ? notReached(state, tape) : null);
  const expected = { status: tape.expect.status, error: tape.expect.error };
  const outputs = isEnded(state.status)
    ? valueChanges(tape.parts[tape.expect.outputs] ?? null, host.withoutSecrets(Object.fromEntries(outputsOf(state))))
    : [];
  const isSame = state.status === expected.status && outputs.length === 0;
  const verdict = !isEnded(state.status) ? 'running' : drift !== null ? 'drift' : isSame ? 'passed' : 'failed';
  const of = { name, recordedRun: tape.run.id, from };
  return { ...of, answered: answeredOf(state, tape), exchanges: asked.length, verdict, drift, expected, outputs };
}

const outputsOf = ({ setOutputs, variables }: RunState): ReadonlyMap<string, Json> => setOutputs ?? variables;

function driftOf(state: RunState, { parts }: Cassette): Drift | null {
  for (const { path, name, error } of state.steps.values()) {
    if (error?.code !== 'cassette.drift') continue;
    const { kind, expected, asked, path: at } = (error.details ?? {}) as Readonly<Record<string, Json>>;
    // The steps around it have failed with the same error.
    if (at !== path) continue;
    const before = typeof expected === 'string' ? (parts[expected] ?? null) : null;
    const isKnown = kind === 'changed' && asked !== undefined;
    return {
      ...{ path, name, kind: kind === 'changed' ? 'changed' : 'unexpected' },
      changes: isKnown ? valueChanges(before, asked) : [],
    };
  }
  return null;
}

/** The first step of the recording that the replay did not come to. */
function notReached({ steps }: RunState, tape: Cassette): Drift | null {
  const missing = tape.exchanges.find(
    ({ role, path }) => (role === 'main' || role === 'fallback') && (steps.get(path)?.attempts.length ?? 0) === 0,
  );
  return missing === undefined ? null : { path: missing.path, name: missing.path, kind: 'not_reached', changes: [] };
}

function answeredOf({ steps }: RunState, { exchanges }: Cassette): number {
  const byPath = Map.groupBy(
    exchanges.filter(({ role }) => role !== 'call'),
    ({ path }) => path,
  );
  let answered = 0;
  for (const [path, recorded] of byPath) {
    const ended = steps
      .get(path)
      ?.attempts.filter(
        ({ status, error }) =>
          status === 'completed' || status === 'cancelled' || (status === 'failed' && error?.code !== 'cassette.drift'),
      );
    answered += Math.min(recorded.length, ended?.length ?? 0);
  }
  return answered;
}
