import { ChevronDown, Filter, LayoutGrid, List } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { LibraryEntry } from '../../../shared/contract/index.ts';
import { FilterChip } from '../../ui/chip.tsx';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { countTags, type LibraryFilter, needsAttention } from './library-rows.ts';
import { useLook } from './library-store.ts';

const SHOWN_TAGS = 4;

const toggled = (tags: readonly string[], tag: string): readonly string[] =>
  tags.includes(tag) ? tags.filter((each) => each !== tag) : [...tags, tag];

interface TagChipsProps {
  readonly entries: readonly LibraryEntry[];
  readonly chosen: readonly string[];
  readonly onTags: (tags: readonly string[]) => void;
}

function TagChips({ entries, chosen, onTags }: TagChipsProps) {
  const { t } = useTranslation('workflows');
  const counts = useMemo(() => countTags(entries), [entries]);
  const first = counts.slice(0, SHOWN_TAGS);
  const shown = [...first, ...counts.slice(SHOWN_TAGS).filter(({ tag }) => chosen.includes(tag))];
  const rest = counts.filter((count) => !shown.includes(count)).slice(0, 50);
  return (
    // biome-ignore lint/a11y/useSemanticElements: filter buttons, not a form
    <div className="flex flex-wrap gap-1" role="group" aria-label={t('tags')}>
      {shown.map(({ tag, count }) => (
        <FilterChip key={tag} isOn={chosen.includes(tag)} onToggle={() => onTags(toggled(chosen, tag))}>
          {tag} {formatCount(count)}
        </FilterChip>
      ))}
      {rest.length === 0 ? null : (
        <Menu
          trigger={
            <button type="button" className="chip filter">
              {t('moreTags')}
              <Icon of={ChevronDown} />
            </button>
          }
        >
          {rest.map(({ tag, count }) => (
            <MenuItem key={tag} onSelect={() => onTags(toggled(chosen, tag))}>
              {tag} {formatCount(count)}
            </MenuItem>
          ))}
        </Menu>
      )}
    </div>
  );
}

interface WorkflowFiltersProps {
  readonly entries: readonly LibraryEntry[];
  readonly filter: LibraryFilter;
  readonly onFilter: (change: Partial<LibraryFilter>) => void;
}

/** Search, tags, needs attention, list or cards. */
export function WorkflowFilters({ entries, filter, onFilter }: WorkflowFiltersProps) {
  const { t } = useTranslation('workflows');
  const look = useLook((state) => state.look);
  const waiting = useMemo(() => entries.filter(needsAttention).length, [entries]);
  return (
    <div className="flex flex-none flex-wrap items-center gap-2 px-6 pb-3 max-[1200px]:px-4">
      <SearchField
        className="w-76 max-[1200px]:w-60"
        label={t('searchLabel')}
        placeholder={t('search')}
        text={filter.text}
        onText={(text) => onFilter({ text })}
        after={<KeyHint keys="/" />}
      />
      <TagChips entries={entries} chosen={filter.tags} onTags={(tags) => onFilter({ tags })} />
      <span className="grow" />
      <button
        type="button"
        className="btn"
        aria-pressed={filter.needsAttention}
        onClick={() => onFilter({ needsAttention: !filter.needsAttention })}
      >
        <Icon of={Filter} />
        {t('attention')} <span className="muted">{formatCount(waiting)}</span>
      </button>
      <Segmented
        label={t('look')}
        value={look}
        choices={[
          { value: 'list', label: t('list'), icon: List },
          { value: 'cards', label: t('cards'), icon: LayoutGrid },
        ]}
        onChoose={(next) => useLook.setState({ look: next })}
      />
    </div>
  );
}
