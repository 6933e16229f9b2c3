import {
  isOpenInput,
  type PlannedApproval,
  type PlannedCost,
  type PlannedRow,
  type PlannedTouches,
  type RunPlan,
} from '../../shared/model/plan.ts';
import { callsText } from './cost-text.ts';
import { table } from './table.ts';

const TOUCHES: readonly (readonly [keyof PlannedTouches, string])[] = [
  ['tools', 'Tools'],
  ['agents', 'Agents'],
  ['hosts', 'Hosts'],
  ['reads', 'Reads'],
  ['writes', 'Writes'],
  ['secrets', 'Secrets'],
  ['workflows', 'Workflows'],
];

/** A plan for a terminal: the tree with what is known of each call, `?` for what only the run can tell, and what it touches. */
export function planText({ workflow, hash, plan, is_cut, touches, approvals, estimate }: RunPlan): string {
  const rows = plan.map((row) => [
    `${'  '.repeat(row.depth)}${row.path}`,
    turnsText(row),
    row.reached === 'yes' ? '' : row.reached,
    row.effect,
    argumentsText(row),
  ]);
  const named = TOUCHES.filter(([key]) => touches[key].length > 0).map(
    ([key, word]) => `${word}: ${touches[key].join(', ')}`,
  );
  const problems = plan.flatMap(({ path, problem }) => (problem === null ? [] : [`Would fail: ${path}: ${problem}`]));
  return [
    `Dry run of ${workflow.name} (${workflow.id}), version ${workflow.version}: nothing was started.`,
    table(['STEP', 'DOES', 'REACHED', 'EFFECT', 'ARGUMENTS'], rows).trimEnd(),
    ...(is_cut ? ['There are more steps than a plan shows.'] : []),
    ...problems,
    ...named,
    ...approvals.map(approvalText),
    ...costLine(estimate.cost_range),
    `Plan: ${hash}`,
    '',
  ].join('\n');
}

const turnsText = ({ action, agent, turns }: PlannedRow): string => {
  const by = agent === null ? '' : ` by ${agent.name}`;
  if (turns === null) return `${action}${by}`;
  const most = turns.high === turns.low ? `${turns.low}` : `${turns.low} to ${turns.high ?? 'many'}`;
  return `${action}, ${most} times`;
};

/** Known values as they would be handed over; nested unknown ones as a whole. */
function argumentsText({ inputs, unknown }: PlannedRow): string {
  return Object.entries(inputs)
    .map(
      ([key, value]) =>
        `${key}=${isOpenInput(unknown, key) ? '?' : typeof value === 'string' ? value : JSON.stringify(value)}`,
    )
    .join(' ');
}

function approvalText({ path, title, approvers, expires_in_seconds, on_expire, reached }: PlannedApproval): string {
  const who = approvers.length === 0 ? 'whoever may approve' : approvers.join(', ');
  const until =
    expires_in_seconds === null
      ? 'waits for ever'
      : `after ${expires_in_seconds} s it ${on_expire === 'fail' ? 'fails' : 'goes on'}`;
  return `Asks${reached === 'yes' ? '' : ' perhaps'}: ${who} at ${path}: ${title} (${until})`;
}

function costLine({ low, high, calls, is_open }: PlannedCost): readonly string[] {
  if (calls.high === 0) return [];
  const range = low === null || high === null ? 'no price' : low === high ? `$${low}` : `$${low} to $${high}`;
  const count = calls.low === calls.high ? callsText(calls.high) : `${calls.low} to ${callsText(calls.high)}`;
  return [`Cost: ${range}, ${count} of agents${is_open ? '; loops or sub-workflows may make it more' : ''}`];
}
