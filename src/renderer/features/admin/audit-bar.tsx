import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { AUDIT_TYPES, type AuditType } from '../../../shared/model/audit.ts';
import { DOORS } from '../../../shared/model/run.ts';
import { Button } from '../../ui/button.tsx';
import { FilterChip } from '../../ui/chip.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { SearchSelect } from '../../ui/search-select.tsx';
import { Select } from '../../ui/select.tsx';
import { AUDIT_SINCE, type AuditQuestion } from './audit-address.ts';
import { exportEvents } from './audit-export.ts';

interface AuditBarProps {
  readonly question: AuditQuestion;
  /** Who may be asked for: those that the list has. */
  readonly users: readonly string[];
  readonly onFilter: (change: Partial<AuditQuestion>) => void;
}

const EVERY = 'every';

/** What is looked for, and the way to take it along. */
export function AuditBar({ question, users, onFilter }: AuditBarProps) {
  const { t } = useTranslation('admin');
  const { text, type, user, door, onlyBad, since } = question;
  const typeWord = (one: AuditType): string => t(`audit.type.${one.replace('.', '_')}`);
  return (
    <div className="audit-bar">
      <SearchField
        className="find"
        label={t('audit.search')}
        placeholder={t('audit.search')}
        text={text}
        onText={(next) => onFilter({ text: next })}
      />
      <SearchSelect
        className="choice"
        label={t('audit.typeWord')}
        value={type ?? ''}
        choices={[
          { value: '', label: t('audit.allTypes') },
          ...AUDIT_TYPES.map((one) => ({ value: one, label: `${typeWord(one)} (${one})` })),
        ]}
        search={t('audit.searchType')}
        none={t('audit.noType')}
        onChange={(next) => onFilter({ type: AUDIT_TYPES.find((one) => one === next) ?? null })}
      />
      <SearchSelect
        className="choice"
        label={t('audit.who')}
        value={user ?? ''}
        choices={[{ value: '', label: t('audit.everybody') }, ...users.map((one) => ({ value: one, label: one }))]}
        search={t('audit.searchWho')}
        none={t('audit.noWho')}
        onChange={(next) => onFilter({ user: next === '' ? null : next })}
      />
      <Select
        className="since"
        label={t('audit.door')}
        value={door ?? EVERY}
        choices={[
          { value: EVERY, label: t('audit.everyDoor') },
          ...DOORS.map((one) => ({ value: one, label: t(`door.${one}`) })),
        ]}
        onChange={(next) => onFilter({ door: DOORS.find((one) => one === next) ?? null })}
      />
      <Select
        className="since"
        label={t('audit.when')}
        value={since}
        choices={AUDIT_SINCE.map((one) => ({ value: one, label: t(`audit.since.${one}`) }))}
        onChange={(next) => onFilter({ since: AUDIT_SINCE.find((one) => one === next) ?? 'all' })}
      />
      <FilterChip isOn={onlyBad} onToggle={() => onFilter({ onlyBad: !onlyBad })}>
        {t('audit.onlyBad')}
      </FilterChip>
      <span className="grow" />
      <Menu
        align="end"
        trigger={
          <Button icon={Download} needs="audit.export">
            {t('audit.export')}
          </Button>
        }
      >
        <MenuItem needs="audit.export" onSelect={() => void exportEvents(question, 'jsonl')}>
          {t('audit.jsonl')}
        </MenuItem>
        <MenuItem needs="audit.export" onSelect={() => void exportEvents(question, 'csv')}>
          {t('audit.csv')}
        </MenuItem>
      </Menu>
    </div>
  );
}
