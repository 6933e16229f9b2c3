/** Rows read from the newest on, page by page. */
export interface InstantPages<T> {
  readonly rows: readonly T[];
  /** Nothing older follows. */
  readonly isWhole: boolean;
}

interface PageSource<T> {
  /** Rows before an instant (UTC ms), the newest first; `before` undefined = from the newest on. */
  readonly page: (before: number | undefined, limit: number) => Promise<readonly T[]>;
  readonly instantOf: (row: T) => number;
  readonly keyOf: (row: T) => string;
}

const PAGE = 1000;
const FIRST_PAGE = 200;

/**
 * Reads until there are `atLeast` rows more than `known`, or no more. Several rows may stand at the instant where a page ends: the
 * next one begins with that instant again, and no row is taken twice.
 */
export async function readPages<T>(
  source: PageSource<T>,
  atLeast: number,
  known: readonly T[] = [],
): Promise<InstantPages<T>> {
  const rows = [...known];
  const seen = new Set(rows.map(source.keyOf));
  const wanted = rows.length + Math.max(1, atLeast);
  const size = Math.min(PAGE, Math.max(FIRST_PAGE, atLeast));
  let isFull = false;
  for (;;) {
    const last = rows.at(-1);
    // An instant that fills a page whole is left behind: the store gives no more of it.
    const page = await source.page(last === undefined ? undefined : source.instantOf(last) + (isFull ? 0 : 1), size);
    const fresh = page.filter((row) => !seen.has(source.keyOf(row)));
    for (const row of fresh) seen.add(source.keyOf(row));
    rows.push(...fresh);
    isFull = fresh.length === 0;
    const isWhole = page.length < size;
    if (isWhole || rows.length >= wanted) return { rows, isWhole };
  }
}
