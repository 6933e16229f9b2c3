import { AppError } from '../../shared/errors.ts';
import type { Workflow } from '../../shared/model/workflow.ts';
import type { ProjectSession } from './project-session.ts';

interface Started {
  readonly version: { readonly workflow: Pick<Workflow, 'riskLevel' | 'name'> };
}

/** The workflow that keeps a start from happening without an approval (`risk_level`, `governance.approve_high_risk`); null = none does. */
export const riskyOf = (
  { config }: Pick<ProjectSession, 'config'>,
  started: readonly Started[],
): Pick<Workflow, 'name'> | null =>
  config.governance.approveHighRisk
    ? (started.find(({ version }) => version.workflow.riskLevel === 'high')?.version.workflow ?? null)
    : null;

/** Throws `approval.needed` where a person starts, with all that it calls, what the project lets nobody start alone. */
export function requireNoApproval(session: Pick<ProjectSession, 'config'>, started: readonly Started[]): void {
  const risky = riskyOf(session, started);
  if (risky === null) return;
  throw new AppError('approval.needed', `${risky.name} has a high risk: here nobody starts it without an approval.`, {
    hint: 'Ask for one: it starts once it is approved.',
    details: { kind: 'run' },
  });
}
