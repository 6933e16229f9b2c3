import { useRef } from 'react';
import type { LibraryEntry, TriggerSummary } from '../../shared/contract/index.ts';
import type { AgentInfo } from '../../shared/model/agent.ts';
import type { ApprovalSummary } from '../../shared/model/approval.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import type { ToolSummary } from '../../shared/model/tool.ts';
import { call } from '../client/bridge.ts';
import { useOwnQuery } from '../client/use-query.ts';
import { rank } from './palette-rank.ts';

export interface Found {
  readonly workflows: readonly LibraryEntry[];
  readonly runs: readonly RunSummary[];
  /** Those that wait. */
  readonly approvals: readonly ApprovalSummary[];
  readonly agents: readonly AgentInfo[];
  readonly tools: readonly ToolSummary[];
  readonly triggers: readonly TriggerSummary[];
  /** Whether all triggers are paused; null where there are none. */
  readonly arePaused: boolean | null;
}
const NOTHING: Found & { readonly text: string } = {
  text: '',
  workflows: [],
  runs: [],
  approvals: [],
  agents: [],
  tools: [],
  triggers: [],
  arePaused: null,
};
const SETTLE_MS = 80;

async function find(text: string): Promise<Found> {
  const search = text.trim();
  const [library, runs, approvals, agents, tools, triggers] = await Promise.allSettled([
    call('workflows.list', search === '' ? {} : { search }),
    call('runs.list', search === '' ? { limit: 5 } : { text: search, limit: 8 }),
    call('approvals.list', { status: ['pending'], limit: 1000 }),
    call('agents.list', {}),
    call('tools.list', {}),
    call('triggers.list', {}),
  ]);
  const listed = triggers.status === 'fulfilled' ? triggers.value : null;
  // Few, and asked for whole: only a text narrows them down.
  const wants = search !== '';
  const found: Found = {
    workflows:
      library.status === 'fulfilled'
        ? rank(
            search,
            library.value.workflows.map((entry) => ({ ...entry, words: entry.id, isFound: true })),
          ).slice(0, 12)
        : [],
    runs: runs.status === 'fulfilled' ? runs.value.runs : [],
    approvals: approvals.status === 'fulfilled' && wants ? approvals.value.approvals : [],
    agents: agents.status === 'fulfilled' && wants ? agents.value.agents.filter((agent) => agent.isAvailable) : [],
    tools: tools.status === 'fulfilled' && wants ? tools.value.tools : [],
    triggers: wants ? (listed?.triggers ?? []) : [],
    arePaused: listed === null || listed.triggers.length === 0 ? null : listed.pausedAll !== null,
  };
  return { ...found, ...narrowLists(found, text) };
}

/** An object is found by its name and by what the palette calls it: "agent demo". */
function narrowLists(
  { approvals, agents, tools, triggers }: Found,
  text: string,
): Pick<Found, 'approvals' | 'agents' | 'tools' | 'triggers'> {
  const search = text.trim().toLowerCase();
  const holds = (kind: string, name: string): boolean => `${kind} ${name}`.toLowerCase().includes(search);
  return {
    approvals: approvals
      .filter(
        ({ title, workflowName }) => holds('decide', title) || holds('approve', title) || holds('', workflowName ?? ''),
      )
      .slice(0, 8),
    agents: agents.filter(({ name }) => holds('agent', name)).slice(0, 8),
    tools: tools.filter(({ name }) => holds('tool', name)).slice(0, 8),
    triggers: triggers
      .filter(({ workflowName, kind, id }) =>
        ['trigger', kind, 'run now:'].some((word) => holds(word, `${workflowName} ${id}`)),
      )
      .slice(0, 8),
  };
}

/** Until the answer for this text is here, only what of the last one fits it: Enter must never open something else. */
function narrow(found: Found, text: string): Found {
  const search = text.trim().toLowerCase();
  const holds = (...words: readonly string[]): boolean => words.some((word) => word.toLowerCase().includes(search));
  return {
    workflows: found.workflows.filter(({ id, name }) => holds(id, name)),
    ...narrowLists(found, text),
    arePaused: found.arePaused,
    runs: found.runs.filter(({ runId, workflowId, workflowName }) => holds(runId, workflowId, workflowName)),
  };
}

/** What holds the text; asked of the server, a little after the last key. */
export function useFound(text: string, isOpen: boolean): Found {
  const { data } = useOwnQuery(
    { ask: async (asked: string) => ({ ...(await find(asked)), text: asked }), settleMs: SETTLE_MS },
    isOpen ? text : null,
  );
  const shown = useRef(NOTHING);
  if (data.value !== null) shown.current = data.value;
  return shown.current.text === text ? shown.current : narrow(shown.current, text);
}
