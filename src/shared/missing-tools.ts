import type { Diagnostic } from './model/diagnostic.ts';

/** The code of a problem that names an agent which is not here. */
export const AGENT_NOT_FOUND = 'agent.not_found';

/** What a workflow needs and this machine does not have: a tool, or the agent of a step. */
export interface MissingTool {
  readonly tool: string;
  readonly why: string;
}

/** Without what a valid workflow cannot run here as it stands (SPEC §1.10), each once, in order of the file. */
export function missingTools(diagnostics: readonly Diagnostic[]): readonly MissingTool[] {
  const found = diagnostics.flatMap(({ missing, code }): [string, MissingTool][] => {
    if (missing === undefined) return [];
    const why = `${code === AGENT_NOT_FOUND ? `agent ${missing}` : missing} is not set up`;
    return [[why, { tool: missing, why }]];
  });
  return [...new Map(found).values()];
}

/** One sentence for lists and screens; null = it can run. An agent that is not here is no reason: a start may name another one. */
export function cannotRunHere(diagnostics: readonly Diagnostic[]): string | null {
  const missing = missingTools(diagnostics.filter(({ code }) => code !== AGENT_NOT_FOUND));
  return missing.length === 0 ? null : `Cannot run here yet: ${missing.map(({ why }) => why).join(', ')}`;
}
