import { ChevronDown, ChevronUp } from 'lucide-react';
import { memo, type ReactNode, type RefObject, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorRecord } from '../../shared/errors.ts';
import { classNames } from './class-names.ts';
import { Icon } from './icon.tsx';
import { ErrorNote } from './notes.tsx';
import { SkeletonRows } from './skeleton.tsx';
import { rowAfterKey, useListKeys } from './use-list-keys.ts';
import { useListPlace } from './use-list-place.ts';
import { useVirtualRows } from './use-virtual-rows.ts';
import { VirtualBody } from './virtual-body.tsx';

export interface Column<T> {
  /** Also what `sort` calls it. */
  readonly key: string;
  /** Key of the words in its head; they are there for a screen reader where `head` stands instead of them. */
  readonly title: string;
  readonly head?: ReactNode;
  readonly className?: string;
  readonly isSortable?: boolean;
  readonly cell: (row: T) => ReactNode;
}

export interface TableSort {
  readonly key: string;
  readonly isDescending: boolean;
}

/** Height of a row of two lines. */
const ROW_PX = { comfortable: 44, compact: 36 };

interface DataTableProps<T> {
  readonly label: string;
  /** A stable value: rows are drawn again only when they change. */
  readonly columns: readonly Column<T>[];
  /** Null while nothing is known. */
  readonly rows: readonly T[] | null;
  readonly keyOf: (row: T) => string;
  /** Enter, and a press anywhere on the row that nothing else takes. */
  readonly onOpen: (row: T) => void;
  /** What stands where the list would when there is no row. */
  readonly empty: ReactNode;
  readonly error?: ErrorRecord | null;
  readonly onRetry?: () => void;
  readonly sort?: TableSort;
  readonly onSort?: (key: string) => void;
  readonly selected?: ReadonlySet<string>;
  /** Further keys, with the marked row where there is one; true when it took the key. */
  readonly onKey?: (key: string, row: T | null) => boolean;
  /** False while further rows follow that were not fetched. */
  readonly isWhole?: boolean;
  /** Tells the last row that is drawn. */
  readonly onReach?: (index: number) => void;
  readonly scroller?: RefObject<HTMLDivElement | null>;
  readonly className?: string;
  /** Below the rows. */
  readonly children?: ReactNode;
}

/** Every list of the app: rows of any number, sort marks, keys as in a grid, and its states in its own place. */
export function DataTable<T>(props: DataTableProps<T>) {
  const { rows, error = null, onRetry } = props;
  return (
    <>
      {error === null ? null : (
        <ErrorNote error={error} className="mx-6 my-2 flex-none" {...(onRetry === undefined ? {} : { onRetry })} />
      )}
      {rows === null && error === null ? <SkeletonRows rows={10} columns={[60, 40, 30, 20, 30]} /> : null}
      {rows !== null && rows.length === 0 ? props.empty : null}
      {rows !== null && rows.length > 0 ? <Grid {...props} rows={rows} /> : null}
    </>
  );
}

function Grid<T>({
  label,
  columns,
  rows,
  keyOf,
  onOpen,
  ...props
}: DataTableProps<T> & { readonly rows: readonly T[] }) {
  const id = useId();
  const isCompact = document.documentElement.dataset.density === 'compact';
  const rowHeight = isCompact ? ROW_PX.compact : ROW_PX.comfortable;
  const view = useVirtualRows({
    count: rows.length,
    rowHeight,
    ...(props.scroller === undefined ? {} : { scrollRef: props.scroller }),
  });
  const mark = useMark({ label, id, rows, keyOf, onOpen, view, rowHeight, onKey: props.onKey });
  const last = view.items.at(-1)?.index ?? 0;
  const { onReach } = props;
  useEffect(() => onReach?.(last), [onReach, last]);
  const isDrawn = view.items.some((item) => item.index === mark.at);
  return (
    <div className={classNames('scroll virtual data-table', props.className)} ref={view.scrollRef}>
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows are chosen by keys, as in a grid
        role="grid"
        aria-label={label}
        aria-rowcount={props.isWhole === false ? -1 : rows.length + 1}
        aria-multiselectable={props.selected === undefined ? undefined : true}
        tabIndex={0}
        aria-activedescendant={isDrawn ? `${id}-${mark.at}` : undefined}
      >
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <Head key={column.key} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </tr>
        </thead>
        <VirtualBody rows={rows} view={view} columns={1}>
          {(row, index) => (
            <Row
              key={keyOf(row)}
              onMark={mark.onMark}
              id={`${id}-${index}`}
              row={row}
              index={index}
              columns={columns as readonly Column<unknown>[]}
              isActive={index === mark.at}
              isSelected={props.selected?.has(keyOf(row))}
              onOpen={onOpen as (row: unknown) => void}
            />
          )}
        </VirtualBody>
      </table>
      {props.children}
    </div>
  );
}

interface MarkOptions<T> {
  readonly label: string;
  /** Begin of the ids of its rows. */
  readonly id: string;
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly onOpen: (row: T) => void;
  readonly view: Pick<ReturnType<typeof useVirtualRows>, 'scrollRef' | 'scrollTo' | 'items'>;
  readonly rowHeight: number;
  readonly onKey: DataTableProps<T>['onKey'];
}

interface Mark {
  readonly at: number;
  /** A person turned to this row by other means than keys of the list. */
  readonly onMark: (index: number) => void;
}

/** The row that keys act on. It goes along with its row when others come and go; Back finds it, and the list where it was. */
function useMark<T>(options: MarkOptions<T>): Mark {
  const { rows, keyOf, onOpen, view, rowHeight, onKey } = options;
  const [marked, setMarkedShown] = useState<string | null>(null);
  // Whoever opens a row marks it by that, and leaves the list perhaps before the mark is drawn.
  const newest = useRef<string | null>(null);
  const [setMarked] = useState(() => (key: string | null): void => {
    newest.current = key;
    setMarkedShown(key);
  });
  const place = useListPlace(options.label, () => ({
    top: view.scrollRef.current?.scrollTop ?? 0,
    marked: newest.current,
  }));
  useReturn(place, options, setMarked);
  const latest = useRef(options);
  latest.current = options;
  const [onMark] = useState(() => (index: number): void => {
    const row = latest.current.rows[index];
    if (row !== undefined) setMarked(latest.current.keyOf(row));
  });
  const at = marked === null ? -1 : rows.findIndex((row) => keyOf(row) === marked);
  const moveTo = (target: number): void => {
    const row = rows[target];
    const box = view.scrollRef.current;
    if (row === undefined || box === null) return;
    setMarked(keyOf(row));
    const top = target * rowHeight;
    if (top < box.scrollTop || top + 2 * rowHeight > box.scrollTop + box.clientHeight) view.scrollTo(target);
  };
  useListKeys(({ key }) => {
    const target = rowAfterKey(key, at, rows.length);
    const row = rows[at] ?? null;
    if (target !== null) moveTo(target);
    else if (key === 'Enter' && row !== null) onOpen(row);
    else return onKey?.(key, row) ?? false;
    return true;
  });
  return { at, onMark };
}

/** Back in the list: scrolled as it was, with the focus on the link of the row that was left. */
function useReturn<T>(
  place: ReturnType<typeof useListPlace>,
  { id, rows, keyOf, view }: MarkOptions<T>,
  setMarked: (key: string | null) => void,
): void {
  const isDue = useRef(place?.marked != null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it comes back
  useLayoutEffect(() => {
    if (place === null) return;
    view.scrollRef.current?.scrollTo({ top: place.top });
    setMarked(place.marked);
  }, []);
  useEffect(() => {
    if (!isDue.current || place === null) return;
    const at = rows.findIndex((row) => keyOf(row) === place.marked);
    // Somebody turned to something else while the row was not there yet.
    const isTaken = document.activeElement !== null && document.activeElement !== document.body;
    if (!isTaken && !view.items.some(({ index }) => index === at)) return;
    isDue.current = false;
    if (!isTaken) document.getElementById(`${id}-${at}`)?.querySelector('a')?.focus({ preventScroll: true });
  });
}

interface HeadProps<T> {
  readonly column: Column<T>;
  readonly sort: TableSort | undefined;
  readonly onSort: ((key: string) => void) | undefined;
}

function Head<T>({ column, sort, onSort }: HeadProps<T>) {
  const { t } = useTranslation();
  const { key, title, head, className, isSortable = false } = column;
  const name = t(title);
  const isSorted = sort?.key === key;
  const direction = sort?.isDescending === true ? 'descending' : 'ascending';
  const words = (
    <>
      {name}
      {isSorted ? <Icon of={sort.isDescending ? ChevronDown : ChevronUp} small /> : null}
    </>
  );
  return (
    <th scope="col" className={className} aria-sort={isSorted ? direction : isSortable ? 'none' : undefined}>
      {isSortable && onSort !== undefined ? (
        <button type="button" className="sort" title={t('everywhere:sortBy', { name })} onClick={() => onSort(key)}>
          {words}
        </button>
      ) : (
        (head ?? (isSorted ? <span className="sort">{words}</span> : name))
      )}
    </th>
  );
}

interface RowProps {
  readonly onMark: (index: number) => void;
  readonly id: string;
  readonly row: unknown;
  readonly index: number;
  readonly columns: readonly Column<unknown>[];
  readonly isActive: boolean;
  readonly isSelected: boolean | undefined;
  readonly onOpen: (row: unknown) => void;
}

/** What a press on it means for itself. */
const OWN = 'a, button, input, label, [role="checkbox"], [role="menuitem"]';

const Row = memo(function Row({ id, row, index, columns, isActive, isSelected, onOpen, onMark }: RowProps) {
  const open = (event: React.MouseEvent): void => {
    const isOwn = event.target instanceof Element && event.target.closest(OWN) !== null;
    const isSelecting = (window.getSelection()?.toString() ?? '') !== '';
    if (!isOwn && !isSelecting && event.currentTarget.contains(event.target as Node)) onOpen(row);
  };
  return (
    <tr
      id={id}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={classNames(isActive && 'active')}
      onClick={open}
      onClickCapture={() => onMark(index)}
    >
      {columns.map((column) => (
        <td key={column.key} className={column.className}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
});
