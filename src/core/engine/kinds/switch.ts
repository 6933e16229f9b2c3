import { canonicalJson, type Json } from '../../../shared/json.ts';
import type { SwitchCase } from '../../../shared/model/workflow.ts';
import { type Evaluator, endOfBranch, type KindRules } from './block-kind.ts';

/** `switch`: the first case that fits, else `default` (SPEC §1.4). */
export const SWITCH: KindRules<'switch'> = {
  decide: (step, evaluate) => {
    const value = evaluate.value(step.detail.switch);
    const taken = step.detail.cases.find((one) => fits(one, value, evaluate));
    const otherwise = step.groups.some(({ name }) => name === 'default') ? 'default' : null;
    return { value, branch: taken?.group ?? otherwise };
  },
  next: (block) => endOfBranch(block, block.record.decision.branch),
  handles: () => false,
};

const fits = ({ when, if: condition }: SwitchCase, value: Json, evaluate: Evaluator): boolean =>
  (when === undefined || when.some((one) => isSame(evaluate.value(asWritten(one)), value))) &&
  (condition === undefined || evaluate.condition(condition));

/** The value of a case is a word, not an expression, unless it holds a template. */
const asWritten = (written: Json): Json =>
  typeof written === 'string' && !written.includes('{') ? JSON.stringify(written) : written;

/** The keys of a map are texts: `7` in the file and the number 7 are the same case. */
const isSame = (one: Json, other: Json): boolean =>
  canonicalJson(one) === canonicalJson(other) || (isPlain(one) && isPlain(other) && String(one) === String(other));

const isPlain = (value: Json): boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
