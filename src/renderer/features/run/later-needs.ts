import type { Json } from '../../../shared/json.ts';
import type { Step } from '../../../shared/model/workflow.ts';

/** What steps after one look for in its output. */
export interface LaterNeeds {
  /** Their names, in the order of the plan. */
  readonly steps: readonly string[];
  /** The fields that they name. */
  readonly fields: readonly string[];
}

const NOTHING: LaterNeeds = { steps: [], fields: [] };

/** By what the workflow says: whoever gives an output by hand must know what it is for. */
export function laterNeeds(plan: readonly Step[], stepId: string): LaterNeeds {
  const all = inOrder(plan);
  const at = all.findIndex(({ id }) => id === stepId);
  const variable = all[at]?.outputVariable;
  const names = [variable ?? [], `steps\\.${literally(stepId)}\\.output`].flat();
  if (at < 0) return NOTHING;
  const use = new RegExp(`(?<![\\w.])(?:${names.join('|')})\\b(?:\\.([A-Za-z_]\\w*))?`, 'g');
  const users = all.slice(at + 1).flatMap((step) => {
    const found = [...ownText(step).matchAll(use)];
    return found.length === 0 ? [] : [{ name: step.name, fields: found.flatMap(([, field]) => field ?? []) }];
  });
  return {
    steps: users.map(({ name }) => name),
    fields: [...new Set(users.flatMap(({ fields }) => fields))],
  };
}

/** The fields that are looked for and do not stand in an output; whoever gives nothing has said so. */
export const fieldsNotIn = (output: Json, { fields }: LaterNeeds): readonly string[] =>
  output === null
    ? []
    : fields.filter((field) => typeof output !== 'object' || Array.isArray(output) || !Object.hasOwn(output, field));

const literally = (text: string): string => text.replaceAll(/[^\w]/g, String.raw`\$&`);

const inOrder = (steps: readonly Step[]): readonly Step[] =>
  steps.flatMap((step) => [step, ...step.groups.flatMap((group) => inOrder(group.steps))]);

/** All that a step says, without the steps in it. */
const ownText = (step: Step): string =>
  JSON.stringify({
    ...step,
    name: '',
    description: '',
    groups: step.groups.map((group) => ({ ...group, steps: [] })),
  });
