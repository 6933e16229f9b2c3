import { Copy, Search, Wrench } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { ToolList } from '../../../shared/contract/index.ts';
import type { ToolSummary } from '../../../shared/model/tool.ts';
import { copyText } from '../../client/copy-text.ts';
import { useQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { FilterChip } from '../../ui/chip.tsx';
import { TextInput } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { useSearchKey } from '../../ui/keyboard.ts';
import { toolLink } from '../../ui/links.ts';
import { type ActiveFilter, EmptyState, ErrorNote, FilteredEmpty, Note } from '../../ui/notes.tsx';
import { OptionList } from '../../ui/option-list.tsx';
import { Said, saidPlainly } from '../../ui/said.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { ToolStateMark } from './tool-marks.tsx';
import { ToolPane } from './tool-pane.tsx';
import { filterTools, NO_TOOL_FILTER, TOOL_TYPES, type ToolFilter } from './tool-words.ts';
import { toolList } from './tools-store.ts';

interface ToolsTabProps {
  readonly asked: string | null;
  readonly operation: string | null;
}

/** The tools of the project; at the right all about the chosen one. */
export function ToolsTab({ asked, operation }: ToolsTabProps) {
  const list = useQuery(toolList);
  const value = list.value;
  if (value === null)
    return list.status === 'error' ? (
      <ErrorNote className="m-6" error={list.error} onRetry={() => void toolList.refresh()} />
    ) : (
      <SkeletonRows rows={8} columns={[50, 70]} />
    );
  return (
    <>
      {list.status === 'error' ? (
        <ErrorNote className="mx-6 my-2 flex-none" error={list.error} onRetry={() => void toolList.refresh()} />
      ) : null}
      {value.problems.map((problem) => (
        <Note key={problem} tone="waiting" className="mx-6 my-2 flex-none">
          <Said text={problem} />
        </Note>
      ))}
      {value.tools.length === 0 ? (
        <NoTools hasRegistry={value.hasRegistry} />
      ) : (
        <ToolsBody list={value} asked={asked} operation={operation} />
      )}
    </>
  );
}

/** No tool: what one looks like, to be copied. */
function NoTools({ hasRegistry }: { readonly hasRegistry: boolean }) {
  const { t } = useTranslation('tools');
  const copy = (): Promise<void> => copyText(`${t('empty.example')}\n`, t('empty.copied'));
  return (
    <EmptyState
      className="px-6"
      icon={Wrench}
      title={t(hasRegistry ? 'empty.title' : 'empty.noRegistry')}
      text={t('empty.text')}
    >
      <div>
        <code className="mb-2 block whitespace-pre">{t('empty.example')}</code>
        <Button icon={Copy} onClick={() => void copy()}>
          {t('empty.copy')}
        </Button>
      </div>
    </EmptyState>
  );
}

function ToolsBody({ list, asked, operation }: ToolsTabProps & { readonly list: ToolList }) {
  const { t } = useTranslation('tools');
  const navigate = useNavigate();
  const [filter, setFilter] = useState<ToolFilter>(NO_TOOL_FILTER);
  const shown = filterTools(list.tools, filter);
  const chosen = list.tools.find((tool) => tool.name === asked) ?? shown[0];
  return (
    <div className="tools">
      <div className="tool-side">
        <ToolFilters tools={list.tools} filter={filter} onFilter={setFilter} />
        {shown.length === 0 ? (
          <FilteredTools total={list.tools.length} filter={filter} onFilter={setFilter} />
        ) : (
          <OptionList
            className="tool-list"
            label={t('list')}
            options={shown}
            keyOf={(tool) => tool.name}
            chosen={chosen?.name ?? ''}
            rowHeight={52}
            onChoose={(name) => void navigate(toolLink(name), { replace: true })}
          >
            {(tool) => <ToolEntry tool={tool} />}
          </OptionList>
        )}
      </div>
      {chosen === undefined ? <div /> : <ToolPane key={chosen.name} summary={chosen} operation={operation} />}
    </div>
  );
}

function ToolEntry({ tool }: { readonly tool: ToolSummary }) {
  const { t } = useTranslation('tools');
  const error = tool.error?.message;
  return (
    <>
      <span className="row">
        <span className="mono strong cut grow" title={tool.name}>
          {tool.name}
        </span>
        <ToolStateMark state={tool.state} className="sm" />
      </span>
      <span className="sm muted cut block" title={saidPlainly(error ?? tool.description)}>
        <Said
          text={
            error ??
            [
              tool.types.map((type) => t(`type.${type}`)).join(', '),
              tool.category,
              tool.operationCount === null ? '' : t('operations.count', { count: tool.operationCount }),
            ]
              .filter((text) => text !== '')
              .join(' · ')
          }
        />
      </span>
    </>
  );
}

interface ToolFiltersProps {
  readonly tools: readonly ToolSummary[];
  readonly filter: ToolFilter;
  readonly onFilter: (filter: ToolFilter) => void;
}

function ToolFilters({ tools, filter, onFilter }: ToolFiltersProps) {
  const { t } = useTranslation('tools');
  const field = useRef<HTMLInputElement>(null);
  useSearchKey(field);
  const present = TOOL_TYPES.filter((type) => tools.some((tool) => tool.types.includes(type)));
  return (
    <search className="tool-filters" aria-label={t('search')}>
      <TextInput
        ref={field}
        type="search"
        aria-label={t('search')}
        placeholder={t('search')}
        value={filter.text}
        onChange={(event) => onFilter({ ...filter, text: event.target.value })}
        onKeyDown={(event) => (event.key === 'Escape' ? onFilter({ ...filter, text: '' }) : undefined)}
        before={<Icon of={Search} />}
        after={<KeyHint keys="/" />}
      />
      {present.length < 2 ? null : (
        <div className="flex flex-wrap gap-1">
          {present.map((type) => (
            <FilterChip
              key={type}
              isOn={filter.type === type}
              onToggle={() => onFilter({ ...filter, type: filter.type === type ? null : type })}
            >
              {t(`type.${type}`)}
            </FilterChip>
          ))}
        </div>
      )}
    </search>
  );
}

interface FilteredToolsProps {
  readonly total: number;
  readonly filter: ToolFilter;
  readonly onFilter: (filter: ToolFilter) => void;
}

function FilteredTools({ total, filter, onFilter }: FilteredToolsProps) {
  const { t } = useTranslation('tools');
  const filters: readonly ActiveFilter[] = [
    ...(filter.text.trim() === ''
      ? []
      : [
          {
            key: 'text',
            label: t('filtered.text', { text: filter.text.trim() }),
            onRemove: () => onFilter({ ...filter, text: '' }),
          },
        ]),
    ...(filter.type === null
      ? []
      : [{ key: 'type', label: t(`type.${filter.type}`), onRemove: () => onFilter({ ...filter, type: null }) }]),
  ];
  return (
    <FilteredEmpty
      className="px-4"
      title={t('filtered.title', { count: filters.length })}
      filters={filters}
      onClear={() => onFilter(NO_TOOL_FILTER)}
      without={t('filtered.without', { count: total })}
    />
  );
}
