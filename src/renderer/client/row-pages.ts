/** Rows read from the newest on, page by page. */
export interface RowPages<T> {
  readonly rows: readonly T[];
  /** Nothing older follows. */
  readonly isWhole: boolean;
}

/** Rows after the last one of the page before, the newest first; `last` undefined = from the newest on. */
type ReadPage<T> = (last: T | undefined, limit: number) => Promise<readonly T[]>;

const PAGE = 1000;
const FIRST_PAGE = 200;

/** Reads until there are `atLeast` rows more than `known`, or no more. */
export async function readPages<T>(
  readPage: ReadPage<T>,
  atLeast: number,
  known: readonly T[] = [],
): Promise<RowPages<T>> {
  const rows = [...known];
  const wanted = rows.length + Math.max(1, atLeast);
  const size = Math.min(PAGE, Math.max(FIRST_PAGE, atLeast));
  for (;;) {
    const page = await readPage(rows.at(-1), size);
    rows.push(...page);
    const isWhole = page.length < size;
    if (isWhole || rows.length >= wanted) return { rows, isWhole };
  }
}
