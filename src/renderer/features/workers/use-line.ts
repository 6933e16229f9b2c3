import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { QueueView } from '../../../shared/contract/index.ts';
import type { ErrorRecord } from '../../../shared/errors.ts';
import type { ShownMessage } from '../../../shared/model/queue.ts';
import { useQueryOf } from '../../client/use-query.ts';
import { keyOfPart, LINE_PART, type LinePart, linePart, whichOf } from './workers-store.ts';

/** A place in the line; null = who stands there is on its way. */
export interface LineRow {
  readonly at: number;
  readonly message: ShownMessage | null;
}

interface Line {
  /** Null while nothing is known. */
  readonly rows: readonly LineRow[] | null;
  readonly error: ErrorRecord | null;
  /** Tells the last row that is drawn: the part around it is asked for. */
  readonly onReach: (index: number) => void;
}

/** A part begins at one of these places. */
const STEP = 100;
/** As many rows as the highest window draws stand before the last one. */
const DRAWN = 120;

/** The whole line of a queue, of which only the part that is looked at is known. */
export function useLine(queue: QueueView): Line {
  const [offset, setOffset] = useState(0);
  const { value, error } = useQueryOf(linePart, keyOfPart(whichOf(queue), offset));
  const known = useRef<LinePart | null>(null);
  if (value !== null) known.current = value;
  const part = known.current;
  const isPastEnd = value !== null && value.messages.length === 0 && offset > 0;
  useEffect(() => {
    if (isPastEnd) setOffset(0);
  }, [isPastEnd]);
  const { pending } = queue.counts;
  const rows = useMemo(() => (part === null ? null : rowsOf(part, pending)), [part, pending]);
  const onReach = useCallback((last: number): void => {
    setOffset(Math.max(0, Math.floor((last - DRAWN) / STEP) * STEP));
  }, []);
  return { rows, error, onReach };
}

/** One row for each that waits: the end is known for certain where the part reaches it. */
function rowsOf({ offset, messages }: LinePart, pending: number): readonly LineRow[] {
  const end = offset + messages.length;
  const total = messages.length < LINE_PART && messages.length > 0 ? end : Math.max(pending, end);
  const length = messages.length === 0 ? 0 : total;
  return Array.from({ length }, (_, at) => ({ at, message: messages[at - offset] ?? null }));
}
