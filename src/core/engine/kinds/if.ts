import { endOfBranch, type KindRules } from './block-kind.ts';

/** `if`: the first branch whose condition holds, else `else` (SPEC §1.4). */
export const IF: KindRules<'if'> = {
  decide: (step, evaluate) => {
    const taken = step.groups.find(({ name, condition }) =>
      name === 'else' ? true : evaluate.condition(name === 'then' ? step.detail.if : (condition ?? false)),
    );
    return { branch: taken?.name ?? null };
  },
  next: (block) => endOfBranch(block, block.record.decision.branch),
  handles: () => false,
};
