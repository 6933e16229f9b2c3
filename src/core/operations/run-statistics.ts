import type { ParsedInputOf } from '../../shared/contract/index.ts';
import type { RunStatistics } from '../../shared/model/run-statistics.ts';
import { askedPeriods } from './asked-periods.ts';
import type { ProjectSession } from './project-session.ts';

/** How runs fared (SPEC §9 "Statistics"). */
export async function runStatistics(
  { store: { reader }, clock }: ProjectSession,
  asked: ParsedInputOf<'runs.statistics'>,
): Promise<RunStatistics> {
  const { zone, unit, workflow } = asked;
  const { periods } = askedPeriods(asked, { now: clock.now(), firstAt: await reader.ask('firstRun', undefined) });
  return { zone, unit, ...(await reader.ask('runStatistics', { periods, filter: { workflow } })) };
}
