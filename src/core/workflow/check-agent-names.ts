import { AGENT_NOT_FOUND } from '../../shared/missing-tools.ts';
import { didYouMean } from '../../shared/suggest-name.ts';
import type { MapNode } from '../yaml/index.ts';
import { flattenDrafts } from './references/text-findings.ts';
import type { Reporter } from './reporter.ts';
import type { StepDraft } from './step-draft.ts';

/** Why a name is no agent's, in words. */
export interface UnknownAgent {
  readonly message: string;
  readonly fix: string;
}

/** What is to be said of an agent that somebody names; null = it is one of those that are known. */
export function unknownAgent(name: string, known: readonly string[]): UnknownAgent | null {
  if (known.includes(name)) return null;
  const fix = didYouMean(name, known) ?? `Agents here: ${known.join(', ')}.`;
  return { message: `There is no agent '${name.slice(0, 60)}' here`, fix };
}

/** Where a workflow names agents. */
interface NamingParts {
  readonly steps: readonly StepDraft[];
  /** The frontmatter, and who reports into it. */
  readonly root: MapNode | undefined;
  readonly report: Reporter;
}

/**
 * Warns of agents that nobody knows here (SPEC §1.10): `execution.agent` and `agent` of the steps. No error, for the start may name
 * another agent, and the project where a workflow was written may have more of them.
 */
export function checkAgentNames({ steps, root, report }: NamingParts, known: readonly string[]): void {
  const warn = (reporter: Reporter, name: string, at: Parameters<Reporter['add']>[1]): void => {
    const unknown = unknownAgent(name, known);
    if (unknown !== null) reporter.add({ severity: 'warning', code: AGENT_NOT_FOUND, ...unknown, missing: name }, at);
  };
  const execution = root?.entries.get('execution')?.node;
  const named = execution?.kind === 'map' ? execution.entries.get('agent')?.node : undefined;
  if (typeof named?.value === 'string') warn(report, named.value, named.at);
  for (const { step, report: reporter, keyAt } of flattenDrafts(steps))
    if (step.agent !== undefined) warn(reporter, step.agent, keyAt('agent') ?? step.place);
}
