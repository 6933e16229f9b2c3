import { AppError } from '../../shared/errors.ts';
import { isJsonMap, type Json, type JsonMap } from '../../shared/json.ts';
import type { FollowedPlan } from '../../shared/model/plan.ts';
import { splitAction } from '../workflow/index.ts';
import type { RunState } from './run-state.ts';

type Followed = Pick<RunState, 'allowedSteps'> & { readonly created: Pick<RunState['created'], 'plan'> };

/** A call that an agent asks for. */
interface AskedCall {
  /** The step of the agent. */
  readonly path: string;
  readonly action: string;
  readonly inputs: JsonMap;
}

/**
 * Why a call that the agent of a step asks for is not what the plan of its run names (SPEC §13 `--plan`): another tool, an address of a host or
 * a file that the plan does not name. Null = it is, or a person let the step go on, or the run follows no plan.
 */
export function leftPlanByCall(call: AskedCall, { created, allowedSteps }: Followed): AppError | null {
  const { plan } = created;
  if (plan === undefined || allowedSteps.has(call.path)) return null;
  const why = departure(plan, call);
  if (why === null) return null;
  return new AppError('run.left_plan', `The agent's call of '${call.action}' leaves the plan: ${why}.`, {
    hint: 'Resume the run to let this step go on, or cancel it.',
    details: { path: call.path, action: call.action, plan: plan.hash },
  });
}

function departure({ tools, touches }: FollowedPlan, { action, inputs }: AskedCall): string | null {
  const { tool } = splitAction(action);
  if (!tools.includes(tool)) return `the plan does not name the tool '${tool}'`;
  // A run that began before plans named them.
  if (touches === undefined) return null;
  const files = [...touches.reads, ...touches.writes];
  for (const { key, text } of textsIn(inputs, '')) {
    const host = hostOf(text);
    if (host !== null && !touches.hosts.some((named) => isHost(named, host)))
      return `the plan does not name the host '${host}'`;
    if (host === null && isFile(key, text) && !files.some((named) => isBelow(named, text)))
      return `the plan does not name the file '${text.slice(0, 200)}'`;
  }
  return null;
}

/** The texts in arguments, each with the name that it stands under. */
function textsIn(value: Json, key: string): readonly { readonly key: string; readonly text: string }[] {
  if (typeof value === 'string') return [{ key, text: value }];
  if (Array.isArray(value)) return value.flatMap((one: Json) => textsIn(one, key));
  return isJsonMap(value) ? Object.entries(value).flatMap(([name, one]) => textsIn(one, name)) : [];
}

/** The host of a text that is an address and nothing else. */
function hostOf(text: string): string | null {
  if (!/^(?:https?|wss?):\/\//i.test(text) || !URL.canParse(text)) return null;
  return new URL(text).hostname.toLowerCase();
}

const isHost = (named: string, host: string): boolean =>
  named.startsWith('*.') ? host.endsWith(named.slice(1).toLowerCase()) : named.toLowerCase() === host;

/** Whether an argument names a file: by what it is called, or because it can be nothing else. */
const isFile = (key: string, text: string): boolean =>
  text !== '' &&
  !text.includes('\n') &&
  (/(?:^|_)(?:path|paths|file|files|filename|folder|dir|directory)$/i.test(key) ||
    /^(?:\/|~\/|\.{1,2}\/|[A-Za-z]:[\\/])/.test(text));

/** Whether a file is one that a name of the plan stands for: itself, or what is below it. */
function isBelow(named: string, file: string): boolean {
  const [above, below] = [segmentsOf(named.replace(/\/\*{1,2}$/, '')), segmentsOf(file)];
  if (above === null || below === null) return false;
  return named === '**' || named === '.' || above.every((part, at) => below[at] === part);
}

/** The parts of a path; null where it goes up. */
function segmentsOf(path: string): readonly string[] | null {
  const parts = path.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return null;
  return /^[\\/]/.test(path) ? ['/', ...parts] : parts;
}
