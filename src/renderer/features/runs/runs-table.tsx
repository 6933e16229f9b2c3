import { ArrowUp } from 'lucide-react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { runLink } from '../../ui/links.ts';
import { useVirtualRows } from '../../ui/use-virtual-rows.ts';
import { VirtualBody } from '../../ui/virtual-body.tsx';
import type { RunList } from './run-list.ts';
import { RunRow } from './run-row.tsx';
import { loadMoreRuns, selectAllRuns, selectRun, setMayGrow, showNewRuns, useRuns } from './runs-store.ts';

const ROW_PX = { comfortable: 44, compact: 36 };
/** So many rows before the end the next page is fetched. */
const AHEAD = 150;

interface RunsTableProps {
  readonly list: RunList;
}

/** Runs, newest first; any number of them. */
export function RunsTable({ list }: RunsTableProps) {
  const { t } = useTranslation('runs');
  const navigate = useNavigate();
  const { selected, isLoadingMore } = useRuns();
  const { rows, fresh, nextCursor } = list;
  const rowHeight = document.documentElement.dataset.density === 'compact' ? ROW_PX.compact : ROW_PX.comfortable;
  const view = useVirtualRows({ count: rows.length, rowHeight });
  const { scrollRef, items, scrollTo } = view;
  const [activeId, setActiveId] = useState<string | null>(null);
  const isOver = useRef(false);
  const activeAt = rows.findIndex((run) => run.runId === activeId);
  const last = items.at(-1)?.index ?? 0;

  useEffect(() => {
    setMayGrow(() => (scrollRef.current?.scrollTop ?? 0) < 4 && !isOver.current);
    return () => setMayGrow(() => true);
  }, [scrollRef]);
  useEffect(() => {
    if (nextCursor !== null && last >= rows.length - AHEAD) void loadMoreRuns();
  }, [last, rows.length, nextCursor]);

  const moveTo = (at: number): void => {
    const target = Math.max(0, Math.min(rows.length - 1, at));
    const run = rows[target];
    if (run === undefined) return;
    setActiveId(run.runId);
    const box = scrollRef.current;
    const top = target * rowHeight;
    if (box !== null && (top < box.scrollTop || top + 2 * rowHeight > box.scrollTop + box.clientHeight))
      scrollTo(target);
  };
  const onKey = useRef<(event: KeyboardEvent) => boolean>(() => false);
  onKey.current = (event) => {
    const steps: Readonly<Record<string, number>> = {
      j: 1,
      ArrowDown: 1,
      k: -1,
      ArrowUp: -1,
      PageDown: 10,
      PageUp: -10,
    };
    const step = steps[event.key];
    const active = rows[activeAt];
    if (step !== undefined) moveTo(activeAt < 0 ? 0 : activeAt + step);
    else if (event.key === 'Home') moveTo(0);
    else if (event.key === 'End') moveTo(rows.length - 1);
    else if (event.key === 'Enter' && active !== undefined) navigate(runLink(active.runId));
    else if ((event.key === 'x' || event.key === ' ') && active !== undefined)
      selectRun(active.runId, !selected.has(active.runId));
    else if (event.key === 'Escape' && selected.size > 0) selectAllRuns(false);
    else return false;
    return true;
  };
  useListKeys(onKey);

  const areAll = rows.length > 0 && selected.size >= rows.length;
  const isActiveDrawn = items.some((item) => item.index === activeAt);
  return (
    <div className="runs-box">
      {fresh.length === 0 ? null : (
        <Button
          icon={ArrowUp}
          className="runs-fresh"
          onClick={() => {
            showNewRuns();
            scrollRef.current?.scrollTo({ top: 0 });
          }}
        >
          {t('newRuns', { count: fresh.length })}
        </Button>
      )}
      <div
        className="scroll virtual runs"
        ref={scrollRef}
        onPointerEnter={() => {
          isOver.current = true;
        }}
        onPointerLeave={() => {
          isOver.current = false;
        }}
      >
        <table
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows are chosen by keys, as in a grid
          role="grid"
          aria-label={t('title')}
          aria-rowcount={nextCursor === null ? rows.length + 1 : -1}
          aria-multiselectable="true"
          tabIndex={0}
          aria-activedescendant={isActiveDrawn ? `run-row-${activeAt}` : undefined}
        >
          <thead>
            <tr>
              <th scope="col" className="c-box">
                <Checkbox isChecked={areAll} onChange={selectAllRuns}>
                  <span className="sr">{t('selectAll')}</span>
                </Checkbox>
              </th>
              <th scope="col" className="c-name">
                {t('column.workflow')}
              </th>
              <th scope="col" className="c-status">
                {t('column.status')}
              </th>
              <th scope="col" className="c-started" aria-sort="descending">
                {t('column.started')}
              </th>
              <th scope="col" className="c-took num">
                {t('column.took')}
              </th>
              <th scope="col" className="c-steps num">
                {t('column.steps')}
              </th>
              <th scope="col" className="c-cost num">
                {t('column.cost')}
              </th>
              <th scope="col" className="c-agent">
                {t('column.agent')}
              </th>
              <th scope="col" className="c-trigger">
                {t('column.trigger')}
              </th>
            </tr>
          </thead>
          <VirtualBody rows={rows} view={view} columns={1}>
            {(run, index) => (
              <RunRow
                key={run.runId}
                run={run}
                index={index}
                isActive={run.runId === activeId}
                isSelected={selected.has(run.runId)}
              />
            )}
          </VirtualBody>
        </table>
        {isLoadingMore ? (
          <p className="muted sm px-6 py-2" role="status">
            {t('loadingMore')}
          </p>
        ) : null}
      </div>
      <p className="runs-foot sm muted" aria-hidden="true">
        <span>
          <kbd>j</kbd> <kbd>k</kbd> {t('keys.move')}
        </span>
        <span>
          <kbd>Enter</kbd> {t('keys.open')}
        </span>
        <span>
          <kbd>x</kbd> {t('keys.select')}
        </span>
      </p>
    </div>
  );
}

/** Keys of the list work wherever nothing else wants them: not in fields, menus, dialogs, on buttons and links. */
function useListKeys(onKey: RefObject<(event: KeyboardEvent) => boolean>): void {
  useEffect(() => {
    const take = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target instanceof Element ? event.target : null;
      if (
        target?.closest(
          'input, textarea, select, button, a, [role="menu"], [role="dialog"], [role="listbox"], [role="checkbox"], [contenteditable]',
        ) != null
      )
        return;
      if (document.querySelector('[role="dialog"]') !== null) return;
      if (onKey.current(event)) event.preventDefault();
    };
    document.addEventListener('keydown', take);
    return () => document.removeEventListener('keydown', take);
  }, [onKey]);
}
