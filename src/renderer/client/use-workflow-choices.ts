import type { Choice } from '../ui/select.tsx';
import { call } from './bridge.ts';
import { useOwnQuery } from './use-query.ts';

/** The workflows of the library in the order of their names, and the chosen one also when it is no longer there. */
export function useWorkflowChoices(chosen: string | null): readonly Choice[] {
  // Without the library the list still filters by everything else.
  const { data } = useOwnQuery({ ask: () => call('workflows.list', {}) }, 'library');
  const workflows = data.value?.workflows ?? [];
  const known = new Map(workflows.map(({ id, name }) => [id, { value: id, label: name }]));
  if (chosen !== null && !known.has(chosen)) known.set(chosen, { value: chosen, label: chosen });
  return [...known.values()].sort((a, b) => a.label.localeCompare(b.label));
}
