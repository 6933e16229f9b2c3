import type { ApprovalDetail } from '../../shared/contract/index.ts';

/** What fits in two lines of a notice. */
const MOST_CHARACTERS = 120;

/**
 * What a notice says of a request that may be decided in it: the whole effect, in two lines. Null where it has to be looked at first: where
 * more than that follows, where anything of it is not known to the letter or cannot be done once more without harm, where others have to
 * agree, or where whoever sits here may not decide.
 */
export function effectInNotice(detail: ApprovalDetail): string | null {
  const { steps, actions, act, minApprovals, proposal, description } = detail;
  if (!actions.decide.enabled || !actions.reject.enabled || act !== null || minApprovals !== 1 || proposal !== null)
    return null;
  const [step, ...more] = steps;
  if (more.length > 0 || (step !== undefined && !(step.isExact && isHarmless(step.effect)))) return null;
  const inputs = step === undefined ? '' : JSON.stringify(step.inputs);
  const text = step === undefined ? description : `${step.name}: ${step.action}${inputs === '{}' ? '' : ` ${inputs}`}`;
  return text.length > MOST_CHARACTERS || text.includes('\n') ? null : text;
}

const isHarmless = (effect: ApprovalDetail['steps'][number]['effect']): boolean =>
  effect === 'pure' || effect === 'idempotent';
