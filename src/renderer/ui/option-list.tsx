import { type ReactNode, useEffect, useId } from 'react';
import { useVirtualRows } from './use-virtual-rows.ts';

/** Options that stand together below a heading. */
export interface OptionGroup {
  readonly label: string;
  readonly size: number;
}

interface OptionListProps<T> {
  readonly label: string;
  readonly options: readonly T[];
  /** Which of the options stand together, in their order; a group without one is left out. */
  readonly groups?: readonly OptionGroup[];
  readonly keyOf: (option: T) => string;
  readonly chosen: string;
  readonly onChoose: (key: string) => void;
  /** Which options are taken, and what Space does with the chosen one; null = such an option is neither taken nor left. */
  readonly taken?: { readonly isTaken: (option: T) => boolean | null; readonly onTake: (option: T) => void };
  /** px; every row has it. */
  readonly rowHeight: number;
  readonly className: string;
  /** As high as its rows, up to so many; without it the list takes the room it is given. */
  readonly fitRows?: number;
  readonly children: (option: T) => ReactNode;
}

/** One of a list of any length, chosen by pointer or arrow keys; what is chosen opens beside it. */
export function OptionList<T>({
  label,
  options,
  groups = [],
  keyOf,
  chosen,
  onChoose,
  taken,
  rowHeight,
  className,
  fitRows,
  children,
}: OptionListProps<T>) {
  const id = useId();
  const parts = partsOf(groups, options.length);
  const isHeaded = (index: number): boolean => parts.some(({ label: head, start }) => head !== null && start === index);
  const { scrollRef, items, before, after, scrollTo } = useVirtualRows({
    count: options.length,
    rowHeight,
    ...(groups.length > 0 && {
      sizeOf: (index: number) => rowHeight + (isHeaded(index) ? HEAD_PX : 0),
      keyOf: (index: number) => {
        const option = options[index];
        return option === undefined ? `${index}` : keyOf(option);
      },
    }),
  });
  const at = options.findIndex((option) => keyOf(option) === chosen);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const current = options[at];
    if (event.key === ' ' && taken !== undefined && current !== undefined) {
      event.preventDefault();
      taken.onTake(current);
      return;
    }
    const target = {
      ArrowDown: at + 1,
      j: at + 1,
      ArrowUp: at - 1,
      k: at - 1,
      PageDown: at + 10,
      PageUp: at - 10,
      Home: 0,
      End: options.length - 1,
    }[event.key];
    const option = target === undefined ? undefined : options[Math.max(0, Math.min(options.length - 1, target))];
    if (option === undefined) return;
    event.preventDefault();
    onChoose(keyOf(option));
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new choice moves the view
  useEffect(() => {
    const box = scrollRef.current;
    if (box === null || at < 0) return;
    const top =
      at * rowHeight + parts.filter(({ label: head, start }) => head !== null && start <= at).length * HEAD_PX;
    if (top < box.scrollTop || top + rowHeight > box.scrollTop + box.clientHeight) scrollTo(at);
  }, [chosen]);
  return (
    <div
      className={`option-list ${className}`}
      ref={scrollRef}
      {...(fitRows === undefined ? {} : { style: { height: Math.min(options.length, fitRows) * rowHeight + 1 } })}
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={items.some((item) => item.index === at) ? `${id}-${at}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ height: before }} />
      {parts.map(({ label: head, start, end }) => {
        const rows = items
          .filter(({ index }) => index >= start && index < end)
          .map((item) => {
            const option = options[item.index];
            if (option === undefined) return null;
            const key = keyOf(option);
            const isTaken = taken?.isTaken(option) ?? null;
            return (
              // biome-ignore lint/a11y/useFocusableInteractive: the list holds the focus, aria-activedescendant names the option
              // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the list's
              <div
                key={key}
                id={`${id}-${item.index}`}
                role="option"
                aria-selected={key === chosen}
                {...(isTaken === null ? {} : { 'aria-checked': isTaken })}
                aria-posinset={item.index + 1}
                aria-setsize={options.length}
                className="entry"
                style={{ height: rowHeight }}
                onClick={() => onChoose(key)}
              >
                {children(option)}
              </div>
            );
          });
        if (head === null || rows.length === 0) return rows;
        return (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is none of a list box
          <div key={head} role="group" aria-label={head}>
            {items.some(({ index }) => index === start) ? (
              <div className="option-head sm" aria-hidden="true" style={{ height: HEAD_PX }}>
                {head}
              </div>
            ) : null}
            {rows}
          </div>
        );
      })}
      <div role="presentation" style={{ height: after }} />
    </div>
  );
}

/** Height of the heading of a group. */
const HEAD_PX = 36;

interface Part {
  readonly label: string | null;
  readonly start: number;
  readonly end: number;
}

/** The options part by part: the groups, then what belongs to none. */
function partsOf(groups: readonly OptionGroup[], count: number): readonly Part[] {
  let start = 0;
  const parts: Part[] = groups.map(({ label, size }) => {
    const part = { label, start, end: start + size };
    start = part.end;
    return part;
  });
  return [...parts, { label: null, start, end: count }].filter((part) => part.end > part.start);
}
