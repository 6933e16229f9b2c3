import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { AgentSettings } from '../agent-port/index.ts';
import { unknownAgent } from '../workflow/index.ts';

/** Agents that `aiworkflow.yaml` names and nobody knows: whoever only takes over is missed too late, when another one has failed. */
export function checkAgentSettings(settings: AgentSettings, known: readonly string[]): readonly Diagnostic[] {
  const { primary, isPrimaryWritten, fallback, failover } = settings;
  const named: readonly (readonly [key: string, name: string])[] = [
    ...(isPrimaryWritten ? [['agent.primary', primary] as const] : []),
    ...(fallback === null ? [] : [['agent.fallback', fallback] as const]),
    ...failover.fallbackAgents.map((name) => ['agent.failover.fallback_agents', name] as const),
  ];
  return named.flatMap(([key, name]): readonly Diagnostic[] => {
    const unknown = unknownAgent(name, known);
    if (unknown === null) return [];
    const message = `'${key}' of aiworkflow.yaml: ${unknown.message}`;
    return [{ severity: 'warning', code: 'config.invalid', message, file: 'aiworkflow.yaml', fix: unknown.fix }];
  });
}
