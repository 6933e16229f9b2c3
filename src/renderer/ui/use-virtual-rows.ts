import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useRef } from 'react';

interface VirtualRowsOptions {
  readonly count: number;
  /** Height of one row in px as laid out; measured again where rows give `measureRef`. */
  readonly rowHeight: number;
  /** Height of each row in px, where they differ; `keyOf` goes with it. */
  readonly sizeOf?: (index: number) => number;
  readonly overscan?: number;
  /** What a row is, where rows of different heights come in between. */
  readonly keyOf?: (index: number) => string;
  /** The scrolled box, where somebody else has to know it too. */
  readonly scrollRef?: RefObject<HTMLDivElement | null>;
}

/** Rows of a long list: which are on screen, and the empty space above and below them. */
export function useVirtualRows({
  count,
  rowHeight,
  sizeOf,
  overscan = 12,
  keyOf,
  scrollRef: given,
}: VirtualRowsOptions) {
  const own = useRef<HTMLDivElement>(null);
  const scrollRef = given ?? own;
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scrollRef.current,
    estimateSize: sizeOf ?? (() => rowHeight),
    overscan,
    ...(keyOf === undefined ? {} : { getItemKey: keyOf }),
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0];
  const last = items[items.length - 1];
  return {
    scrollRef,
    items,
    before: first?.start ?? 0,
    // Before the first rows are drawn the list is as high as it will be: it can be scrolled to where somebody was.
    after: virtualizer.getTotalSize() - (last?.end ?? 0),
    totalHeight: virtualizer.getTotalSize(),
    measureRef: virtualizer.measureElement,
    scrollTo: (index: number) => virtualizer.scrollToIndex(index, { align: 'center' }),
  };
}
