import { useMemo } from 'react';
import type { Choice } from '../ui/select.tsx';
import { call } from './bridge.ts';
import { useOwnQuery } from './use-query.ts';

type Named = { readonly id: string; readonly name: string };

/** What workflows are called; those that share a name with another, or are in no library any more, by their ids. */
export function namesOf(workflows: readonly Named[]): (id: string) => string {
  const names = new Map(workflows.map(({ id, name }) => [id, name]));
  const ids = Map.groupBy(workflows, ({ name }) => name);
  return (id) => {
    const name = names.get(id);
    return name !== undefined && ids.get(name)?.length === 1 ? name : id;
  };
}

/** The same of the library that is open; ids until it is known. */
export function useWorkflowNames(): (id: string) => string {
  const workflows = useWorkflows();
  return useMemo(() => namesOf(workflows), [workflows]);
}

const NO_WORKFLOWS: readonly Named[] = [];

/** Without the library, what stands by its name elsewhere has its id. */
const useWorkflows = (): readonly Named[] =>
  useOwnQuery({ ask: () => call('workflows.list', {}) }, 'library').data.value?.workflows ?? NO_WORKFLOWS;

/** The workflows of the library in the order of their names, and the chosen one also when it is no longer there. */
export function useWorkflowChoices(chosen: string | null): readonly Choice[] {
  const workflows = useWorkflows();
  const known = new Map(workflows.map(({ id, name }) => [id, { value: id, label: name }]));
  if (chosen !== null && !known.has(chosen)) known.set(chosen, { value: chosen, label: chosen });
  return [...known.values()].sort((a, b) => a.label.localeCompare(b.label));
}
