import type { NameInText, NamesHere } from '../../shared/contract/index.ts';
import type { Json } from '../../shared/json.ts';
import { withoutSigns } from '../governance/index.ts';
import { typeOfValue } from '../workflow/index.ts';
import type { ProjectSession } from './project-session.ts';

/** Characters of a value that are shown beside its name. */
const MAX_VALUE = 200;
/** Of a text inside of a value. */
const MAX_INNER = 400;

/** Puts to names what they were in the newest run of a workflow, without the secrets that are known here. */
export function withLastValues(
  { store, engine, host }: ProjectSession,
  workflow: string,
  names: readonly NameInText[],
): Pick<NamesHere, 'names' | 'lastRun'> {
  const newest = store.runs.list({ workflow, limit: 1 }).runs[0];
  if (newest === undefined) return { names: names.map((one) => ({ ...one, value: null })), lastRun: null };
  const { state } = engine.stateOf(newest.runId);
  const lastOf = ({ kind, name }: NameInText): Json | undefined => {
    if (kind === 'input') return state.created.inputs[name];
    if (kind === 'variable') return state.variables.get(name);
    return kind === 'step' ? (state.steps.get(name)?.output ?? undefined) : undefined;
  };
  return {
    names: names.map((one) => {
      const value = lastOf(one);
      if (value === undefined) return { ...one, value: null };
      const shown = withoutSigns(host.redact(value));
      return { ...one, type: one.type ?? typeOfValue(shown), value: spelled(shown) };
    }),
    lastRun: { runId: newest.runId, startedAt: newest.startedAt ?? newest.createdAt },
  };
}

/** A value as JSON on one line, cut short; long texts in it are cut before, so that nothing large is put together. */
function spelled(value: Json): string {
  const text = JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'string' && inner.length > MAX_INNER ? `${inner.slice(0, MAX_INNER)}…` : inner,
  );
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE)}…`;
}
