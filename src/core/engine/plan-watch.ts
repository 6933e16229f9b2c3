import { AppError } from '../../shared/errors.ts';
import { canonicalJson, isJsonMap, type Json, pointerKey } from '../../shared/json.ts';
import type { FollowedPlan, PlannedCall } from '../../shared/model/plan.ts';
import { splitAction } from '../workflow/index.ts';
import type { StartedEvent } from './render-attempt.ts';
import type { RunState } from './run-state.ts';

type Followed = Pick<RunState, 'allowedSteps'> & { readonly created: Pick<RunState['created'], 'plan'> };

/**
 * Why a step that is about to begin is not what the plan of its run says (SPEC §13 `--plan`): it is not in it, does something else, or is given
 * something else than what was known. Null = it is, or a person let it go on, or the run follows no plan.
 */
export function leftPlan(event: StartedEvent, { created, allowedSteps }: Followed): AppError | null {
  const { plan } = created;
  if (plan === undefined || allowedSteps.has(event.path)) return null;
  const why = departure(plan, event);
  if (why === null) return null;
  return new AppError('run.left_plan', `'${event.name}' leaves the plan: ${why}.`, {
    hint: 'Resume the run to let this step go on, or cancel it.',
    details: { path: event.path, action: event.action, plan: plan.hash },
  });
}

function departure(plan: FollowedPlan, { path, action, inputs, role }: StartedEvent): string | null {
  const { tool } = splitAction(action);
  if (!plan.tools.includes(tool)) return `the plan does not name the tool '${tool}'`;
  if (role !== 'main') return null;
  const planned = plan.calls.find((call) => isAt(call.path, path));
  if (planned === undefined) return 'the plan does not hold this step';
  if (!planned.action.includes('{') && planned.action !== action)
    return `the plan says ${planned.action}, and it would do ${action}`;
  const other = firstOther(planned, inputs);
  return other === null ? null : `'${other}' is not what the plan says`;
}

/** The first argument that is known and that is another one. */
function firstOther({ inputs, unknown }: PlannedCall, real: Json): string | null {
  if (unknown.includes('')) return null;
  for (const [key, value] of Object.entries(inputs)) {
    const at = `/${pointerKey(key)}`;
    const there = isJsonMap(real) && Object.hasOwn(real, key) ? (real[key] ?? null) : null;
    if (!isSame(value, there, unknown, at)) return key;
  }
  return null;
}

function isSame(planned: Json, real: Json, unknown: readonly string[], at: string): boolean {
  if (unknown.includes(at)) return true;
  if (!unknown.some((one) => one.startsWith(`${at}/`))) return canonicalJson(planned) === canonicalJson(real);
  if (Array.isArray(planned))
    return (
      Array.isArray(real) &&
      planned.length === real.length &&
      planned.every((one: Json, index) => isSame(one, real[index] ?? null, unknown, `${at}/${index}`))
    );
  if (!isJsonMap(planned) || !isJsonMap(real)) return false;
  return Object.entries(planned).every(([key, one]) =>
    isSame(one, real[key] ?? null, unknown, `${at}/${pointerKey(key)}`),
  );
}

/** Whether a path of a run is one of those that a planned one stands for. */
const isAt = (planned: string, path: string): boolean =>
  planned === path ||
  (planned.includes('[*]') && new RegExp(`^${planned.split('[*]').map(literal).join('\\[\\d+\\]')}$`).test(path));

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The part of a plan that the run of a sub-workflow follows, which the step at `path` asks for. */
export function planOfChild(plan: FollowedPlan | undefined, path: string): { readonly plan?: FollowedPlan } {
  if (plan === undefined) return {};
  const calls = plan.calls.flatMap((call) => {
    const [caller = '', ...rest] = call.path.split('/');
    return rest.length > 0 && isAt(caller, path) ? [{ ...call, path: rest.join('/') }] : [];
  });
  return { plan: { ...plan, calls } };
}
