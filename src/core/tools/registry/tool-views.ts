import type { ErrorRecord } from '../../../shared/errors.ts';
import { type Diagnostic, sentencesOf } from '../../../shared/model/diagnostic.ts';
import type { ToolDetail, ToolState, ToolSummary } from '../../../shared/model/tool.ts';
import type { RegistryTool } from '../registry-port.ts';
import { describeAuth } from './implementations/authentication.ts';
import { sourceOf } from './implementations/open-implementation.ts';
import type { ListedTool } from './live-registry.ts';
import type { PinStore } from './pins/pin-store.ts';
import type { Pin } from './pins/stored-pins.ts';

/** What is known of a tool now, for screens. */
export interface ToolFacts extends ListedTool {
  /** null = no agent can use it. */
  readonly tool: RegistryTool | null;
  readonly isPinned: boolean;
  /** Why it cannot be used, or could not be reached the last time. */
  readonly failure: ErrorRecord | null;
}

/** A tool as lists show it. */
export function summaryOf(facts: ToolFacts, pins: PinStore): ToolSummary {
  const { entry, slots, tool } = facts;
  const error = errorOf(facts);
  return {
    name: entry.name,
    description: entry.description,
    category: entry.category,
    types: [...new Set(slots.map(({ implementation }) => implementation.type))],
    state: stateOf(facts, pins, error),
    operationCount: tool?.known()?.operations.length ?? null,
    error,
  };
}

/** Everything about a tool. */
export function detailOf(
  facts: ToolFacts,
  { pins, hostEnv }: { readonly pins: PinStore; readonly hostEnv: Readonly<Record<string, string | undefined>> },
): ToolDetail {
  const { entry, slots, tool, isPinned } = facts;
  const key = slots[0]?.pinKey ?? '';
  // Whoever is to accept a change sees what the tool says now, not what it said before.
  const said = pins.waitingOf(key) ?? tool?.known() ?? null;
  return {
    ...summaryOf(facts, pins),
    implementations: slots.map((slot, at) => ({
      type: slot.implementation.type,
      priority: slot.implementation.priority,
      source: sourceOf(slot),
      agentCompatibility: slot.implementation.agentCompatibility,
      isChosen: at === 0,
    })),
    operations: said?.operations ?? [],
    leftOut: said?.leftOut ?? [],
    pin: isPinned ? shortPin(pins.get(key)) : null,
    change: pins.changeOf(key),
    server: tool?.server?.() ?? null,
    authentication: describeAuth(entry.authentication, hostEnv),
    rateLimit: entry.rateLimit,
  };
}

/** A problem and its fix as one line, the way compilers write it. */
export function problemText(problem: Diagnostic): string {
  const { file, line } = problem;
  const at = file === undefined ? '' : line === undefined ? `${file}: ` : `${file}:${line}: `;
  return `${at}${sentencesOf(problem)}`;
}

const shortPin = (pin: Pin | null): ToolDetail['pin'] => (pin === null ? null : { hash: pin.hash, at: pin.at });

function errorOf({ entry, tool, failure }: ToolFacts): ErrorRecord | null {
  return entry.error ?? failure ?? tool?.server?.().error ?? null;
}

function stateOf({ slots, tool }: ToolFacts, pins: PinStore, error: ErrorRecord | null): ToolState {
  if (pins.isChanged(slots[0]?.pinKey ?? '')) return 'changed';
  const server = tool?.server?.().state;
  if (server === 'running' || server === 'starting') return 'running';
  if (error !== null) return 'failed';
  return tool === null || tool.known() === null ? 'unknown' : 'ready';
}
