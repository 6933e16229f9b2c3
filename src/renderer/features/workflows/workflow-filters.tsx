import { ChevronDown, Filter, LayoutGrid, List, Search } from 'lucide-react';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { LibraryEntry } from '../../../shared/contract/index.ts';
import { FilterChip } from '../../ui/chip.tsx';
import { TextInput } from '../../ui/field.tsx';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { useSearchKey } from '../../ui/keyboard.ts';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { countTags, type LibraryFilter, needsAttention } from './library-rows.ts';
import { type LibraryLook, setFilter, setLook } from './library-store.ts';

const SHOWN_TAGS = 4;

const toggled = (tags: readonly string[], tag: string): readonly string[] =>
  tags.includes(tag) ? tags.filter((each) => each !== tag) : [...tags, tag];

function TagChips({
  entries,
  chosen,
}: {
  readonly entries: readonly LibraryEntry[];
  readonly chosen: readonly string[];
}) {
  const { t } = useTranslation('workflows');
  const counts = useMemo(() => countTags(entries), [entries]);
  const first = counts.slice(0, SHOWN_TAGS);
  const shown = [...first, ...counts.slice(SHOWN_TAGS).filter(({ tag }) => chosen.includes(tag))];
  const rest = counts.filter((count) => !shown.includes(count)).slice(0, 50);
  return (
    // biome-ignore lint/a11y/useSemanticElements: filter buttons, not a form
    <div className="flex flex-wrap gap-1" role="group" aria-label={t('tags')}>
      {shown.map(({ tag, count }) => (
        <FilterChip key={tag} isOn={chosen.includes(tag)} onToggle={() => setFilter({ tags: toggled(chosen, tag) })}>
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
            <MenuItem key={tag} onSelect={() => setFilter({ tags: toggled(chosen, tag) })}>
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
  readonly look: LibraryLook;
}

/** Search, tags, needs attention, list or cards. */
export function WorkflowFilters({ entries, filter, look }: WorkflowFiltersProps) {
  const { t } = useTranslation('workflows');
  const search = useRef<HTMLInputElement>(null);
  useSearchKey(search);
  const waiting = useMemo(() => entries.filter(needsAttention).length, [entries]);
  return (
    <div className="flex flex-none flex-wrap items-center gap-2 px-6 pb-3 max-[1200px]:px-4">
      <TextInput
        ref={search}
        type="search"
        className="w-76 max-[1200px]:w-60"
        aria-label={t('searchLabel')}
        placeholder={t('search')}
        value={filter.text}
        onChange={(event) => setFilter({ text: event.target.value })}
        onKeyDown={(event) => (event.key === 'Escape' ? setFilter({ text: '' }) : undefined)}
        before={<Icon of={Search} />}
        after={<KeyHint keys="/" />}
      />
      <TagChips entries={entries} chosen={filter.tags} />
      <span className="grow" />
      <button
        type="button"
        className="btn"
        aria-pressed={filter.needsAttention}
        onClick={() => setFilter({ needsAttention: !filter.needsAttention })}
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
        onChoose={setLook}
      />
    </div>
  );
}
