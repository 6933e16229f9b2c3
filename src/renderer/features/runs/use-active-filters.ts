import { useTranslation } from 'react-i18next';
import type { AddressChange } from '../../client/use-address.ts';
import type { ActiveFilter } from '../../ui/notes.tsx';
import type { Choice } from '../../ui/select.tsx';
import type { RunFilter } from './run-filter.ts';

/** What is filtered, as chips that take it away. */
export function useActiveFilters(
  filter: RunFilter,
  onFilter: (change: AddressChange<RunFilter>) => void,
  workflows: readonly Choice[],
): readonly ActiveFilter[] {
  const { t } = useTranslation('runs');
  const { status, needsPerson, outcome, trigger, workflow, since, text } = filter;
  const chips: ActiveFilter[] = status.map((each) => ({
    key: `status-${each}`,
    label: t(`everywhere:status.${each}`),
    onRemove: () => onFilter((latest) => ({ status: latest.status.filter((other) => other !== each) })),
  }));
  const add = (key: keyof RunFilter, label: string, without: Partial<RunFilter>): void => {
    chips.push({ key, label, onRemove: () => onFilter(without) });
  };
  if (needsPerson) add('needsPerson', t('needsYou'), { needsPerson: false });
  if (outcome !== null) add('outcome', t(`outcome.${outcome}`), { outcome: null });
  if (workflow !== null)
    add('workflow', workflows.find(({ value }) => value === workflow)?.label ?? workflow, { workflow: null });
  if (trigger !== null) add('trigger', t(`trigger.${trigger}`), { trigger: null });
  if (since !== null) add('since', t(`since.${since}`), { since: null });
  if (text !== '') add('text', t('textChip', { text }), { text: '' });
  return chips;
}
