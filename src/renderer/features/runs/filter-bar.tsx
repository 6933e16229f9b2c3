import { Menu as BaseMenu } from '@base-ui/react/menu';
import { Check, ChevronDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { type Outcome, RUN_STATUSES, type RunStatus } from '../../../shared/model/run.ts';
import type { AddressChange } from '../../client/use-address.ts';
import { Button } from '../../ui/button.tsx';
import { RemovableChip } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { ActiveFilter } from '../../ui/notes.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { SearchSelect } from '../../ui/search-select.tsx';
import { type Choice, Select } from '../../ui/select.tsx';
import { Status } from '../../ui/status.tsx';
import { OUTCOMES, type RunFilter, SINCE_CHOICES, TRIGGERS } from './run-filter.ts';

interface FilterBarProps {
  readonly filter: RunFilter;
  readonly onFilter: (change: AddressChange<RunFilter>) => void;
  readonly workflows: readonly Choice[];
  readonly active: readonly ActiveFilter[];
  readonly onClear: () => void;
  /** False where the chips stand elsewhere on the screen. */
  readonly hasChips: boolean;
}

/** Search and typed filters; what is on stands below as chips. */
export function FilterBar({ filter, onFilter, workflows, active, onClear, hasChips }: FilterBarProps) {
  const { t } = useTranslation('runs');
  const pick = <T extends string>(values: readonly T[], value: string): T | null =>
    values.find((each) => each === value) ?? null;
  const choices = (all: string, values: readonly string[], group: string): readonly Choice[] => [
    { value: 'all', label: all },
    ...values.map((value) => ({ value, label: t(`${group}.${value}`) })),
  ];
  return (
    <div className="run-filters">
      <search className="bar-row" aria-label={t('filters')}>
        <SearchField
          className="find"
          label={t('search')}
          placeholder={t('search')}
          title={t('searchTip')}
          text={filter.text}
          onText={(text) => onFilter({ text })}
        />
        <StatusFilter
          status={filter.status}
          onStatus={(change) => onFilter((latest) => ({ status: change(latest.status) }))}
        />
        <SearchSelect
          label={t('workflow')}
          search={t('workflowSearch')}
          none={t('workflowNone')}
          value={filter.workflow ?? 'all'}
          choices={[{ value: 'all', label: t('allWorkflows') }, ...workflows]}
          onChange={(value) => onFilter({ workflow: value === 'all' ? null : value })}
        />
        <Select
          label={t('column.trigger')}
          value={filter.trigger ?? 'all'}
          choices={choices(t('allTriggers'), TRIGGERS, 'trigger')}
          onChange={(value) => onFilter({ trigger: pick(TRIGGERS, value) })}
        />
        <Select
          label={t('result')}
          value={filter.outcome ?? 'all'}
          choices={choices(t('allOutcomes'), OUTCOMES, 'outcome')}
          onChange={(value) => onFilter({ outcome: pick<Outcome>(OUTCOMES, value) })}
        />
        <Select
          label={t('time')}
          value={filter.since ?? 'all'}
          choices={choices(t('allTimes'), SINCE_CHOICES, 'since')}
          onChange={(value) => onFilter({ since: pick(SINCE_CHOICES, value) })}
        />
      </search>
      {active.length === 0 || !hasChips ? null : (
        // biome-ignore lint/a11y/useSemanticElements: a group of chips, not a form part
        <div className="bar-row chips" role="group" aria-label={t('active')}>
          {active.map((each) => (
            <RemovableChip
              key={each.key}
              label={t('everywhere:filter.remove', { name: each.label })}
              onRemove={each.onRemove}
            >
              {each.label}
            </RemovableChip>
          ))}
          <Button variant="ghost" onClick={onClear}>
            {t('everywhere:filter.clear')}
          </Button>
        </div>
      )}
    </div>
  );
}

interface StatusFilterProps {
  readonly status: readonly RunStatus[];
  readonly onStatus: (change: (before: readonly RunStatus[]) => readonly RunStatus[]) => void;
}

/** Several statuses at once. */
function StatusFilter({ status, onStatus }: StatusFilterProps) {
  const { t } = useTranslation('runs');
  const label = status.length === 0 ? t('allStatuses') : t('statuses', { count: status.length });
  const toggle = (each: RunStatus, isOn: boolean): void =>
    onStatus((before) => RUN_STATUSES.filter((other) => (other === each ? isOn : before.includes(other))));
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger className="select" aria-label={t('statusLabel', { value: label })}>
        <span className="cut text-left">{label}</span>
        <Icon of={ChevronDown} />
      </BaseMenu.Trigger>
      <BaseMenu.Portal>
        <BaseMenu.Positioner sideOffset={4} align="start" className="z-30 outline-none">
          <BaseMenu.Popup className="float menu">
            {RUN_STATUSES.map((each) => (
              <BaseMenu.CheckboxItem
                key={each}
                className="item"
                checked={status.includes(each)}
                onCheckedChange={(isOn) => toggle(each, isOn)}
                closeOnClick={false}
              >
                <Status status={each} className="grow" />
                <BaseMenu.CheckboxItemIndicator>
                  <Icon of={Check} small />
                </BaseMenu.CheckboxItemIndicator>
              </BaseMenu.CheckboxItem>
            ))}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}
