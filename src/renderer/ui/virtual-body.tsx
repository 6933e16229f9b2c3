import type { ReactNode } from 'react';
import type { useVirtualRows } from './use-virtual-rows.ts';

interface VirtualBodyProps<T> {
  readonly rows: readonly T[];
  readonly view: Pick<ReturnType<typeof useVirtualRows>, 'items' | 'before' | 'after'>;
  /** Columns of the table; 1 where their number depends on the width. */
  readonly columns: number;
  /** One row with its key. */
  readonly children: (row: T, index: number) => ReactNode;
}

/** The body of a table of any length: the rows on screen, and empty space in place of the others. */
export function VirtualBody<T>({ rows, view, columns, children }: VirtualBodyProps<T>) {
  return (
    <tbody>
      <SpacerRow height={view.before} columns={columns} />
      {view.items.map(({ index }) => {
        const row = rows[index];
        return row === undefined ? null : children(row, index);
      })}
      <SpacerRow height={view.after} columns={columns} />
    </tbody>
  );
}

interface SpacerRowProps {
  readonly height: number;
  readonly columns: number;
}

function SpacerRow({ height, columns }: SpacerRowProps) {
  if (height === 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row takes no focus
    <tr aria-hidden="true" className="gap">
      <td colSpan={columns} className="!border-0 !p-0" style={{ height }} />
    </tr>
  );
}
