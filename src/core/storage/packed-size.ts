import { type Connection, fileFill } from './database.ts';

/** Which rows of a table go. */
export interface Removal {
  readonly table: string;
  /** SQL: whether a row goes. */
  readonly goes: string;
  /** Their sizes differ much. */
  readonly isVaried?: true;
}

/** One table or index of a file, as SQLite counts it. */
interface Tree {
  readonly name: string;
  readonly table: string;
  /** Cells of the pages that hold the rows. */
  readonly cells: number;
  readonly cellBytes: number;
  /** Of the rows, without what SQLite writes beside them. */
  readonly payload: number;
  readonly leafPages: number;
  readonly overflowPages: number;
  /** A table that has its rows in the order of their numbers; false = ordered by a key, as every index is. */
  readonly byNumber: boolean;
}

/** How SQLite calls the table of all tables. */
const SCHEMA = 'sqlite_schema';
const PAGE_HEAD = 8;
/** Of a page: where a cell begins, and what a cell says beside its row: how long it is, and its number. */
const CELL_HEAD = 2;
const NUMBER_BYTES = 3;
const LONG_BYTES = 128;
/** Rows that are longer than that in the middle are laid out one by one. */
const LONG_CELL = 200;
/** What names a page of rows in the pages above: its number, and that of its last row. */
const POINTER = 12;

/**
 * Bytes that a file will have once it was written anew (`VACUUM`) without some rows: what is left is reckoned in whole pages, table by table
 * and index by index, since rows that no page holds together leave a part of it empty. Reads the head of every page, and of every row of
 * the varied tables.
 */
export function packedSize(db: Connection, removals: readonly Removal[]): number {
  const pageSize = fileFill(db).pageSize;
  const byTable = new Map(removals.map((removal) => [removal.table, removal]));
  const shares = new Map(removals.map((removal) => [removal.table, shareThatStays(db, removal)]));
  let pages = 0;
  for (const tree of treesOf(db)) {
    const removal = byTable.get(tree.table);
    const isLong = tree.cellBytes > LONG_CELL * tree.cells;
    if (tree.name === tree.table && tree.name !== SCHEMA && (isLong || removal?.isVaried))
      pages += packRows(db, tree, removal?.goes ?? '0', pageSize);
    else pages += packEvenly(tree, shares.get(tree.table) ?? 1, pageSize);
  }
  return Math.min(pages * pageSize, fileFill(db).bytes);
}

function treesOf(db: Connection): readonly Tree[] {
  const sql = `WITH counted AS (SELECT name, pagetype, count(*) AS pages, sum(ncell) AS cells, sum(payload) AS payload,
      sum(pgsize - unused - ${PAGE_HEAD}) AS bytes FROM dbstat('main') GROUP BY name, pagetype),
    trees AS (SELECT m.name, m.tbl_name AS "table", m.type = 'table' AND NOT coalesce(l.wr, 0) AS byNumber
      FROM sqlite_schema m LEFT JOIN pragma_table_list l ON l.schema = 'main' AND l.name = m.name
      UNION ALL SELECT '${SCHEMA}', '${SCHEMA}', 1)
    SELECT name, "table", byNumber, sum(c.payload) AS payload, sum(iif(c.pagetype = 'leaf', c.pages, 0)) AS leafPages,
      sum(iif(c.pagetype = 'overflow', c.pages, 0)) AS overflowPages,
      sum(iif(c.pagetype = 'leaf' OR NOT byNumber, c.cells, 0)) AS cells,
      sum(iif(c.pagetype = 'leaf', c.bytes, iif(c.pagetype = 'internal' AND NOT byNumber, c.bytes - 4 * (c.pages + c.cells), 0))) AS cellBytes
    FROM counted c JOIN trees USING (name) GROUP BY name`;
  return (db.prepare(sql).all() as (Omit<Tree, 'byNumber'> & { byNumber: number })[]).map((row) => ({
    ...row,
    byNumber: row.byNumber === 1,
  }));
}

function shareThatStays(db: Connection, { table, goes }: Removal): number {
  const sql = `SELECT count(*), coalesce(sum(${goes}), 0) FROM ${table}`;
  const [all, gone] = db.prepare(sql).raw().get() as [number, number];
  return all === 0 ? 1 : 1 - gone / all;
}

/** Pages of a tree of which a share of the rows stays, where these are much alike. */
function packEvenly(tree: Tree, share: number, pageSize: number): number {
  if (tree.cells === 0 || share === 0) return 1;
  const mean = tree.cellBytes / tree.cells;
  // The last cell that a page has no room for is begun on the next one.
  // In a tree that is ordered by a key there is a cell between two pages that stands above them.
  const room = pageSize - PAGE_HEAD - mean / 2 + (tree.byNumber ? 0 : mean);
  const packed = (tree.cellBytes * share) / room;
  const leaves = Math.ceil(Math.min(packed, tree.leafPages * share));
  return leaves + pagesAbove(tree, leaves, pageSize, mean) + Math.round(tree.overflowPages * share);
}

/** Pages of a table of which each row that stays is laid behind the one before it, as SQLite does. */
function packRows(db: Connection, tree: Tree, goes: string, pageSize: number): number {
  const texts = db
    .prepare("SELECT name FROM pragma_table_info(?) WHERE type IN ('TEXT', 'BLOB')")
    .pluck()
    .all(tree.table) as string[];
  const bytes = texts.map((name) => `coalesce(octet_length("${name}"), 0)`).join(' + ') || '0';
  const rows = db.prepare(`SELECT ${bytes}, ${goes} FROM ${tree.table}`).raw();
  const kept: number[] = [];
  let [all, texted] = [0, 0];
  for (const [size, isGone] of rows.iterate() as Iterable<[number, number]>) {
    all += 1;
    texted += size;
    if (isGone === 0) kept.push(size);
  }
  // The columns that are no texts take about the same in each row.
  const rest = all === 0 ? 0 : (tree.payload - texted) / all;
  let [leaves, overflow, filled, total] = [1, 0, 0, 0];
  for (const size of kept) {
    const { cell, pages } = layOut(size + rest, tree.byNumber, pageSize);
    overflow += pages;
    total += cell;
    const isFull = filled + cell > pageSize - PAGE_HEAD;
    if (isFull) leaves += 1;
    // In a tree that is ordered by a key that cell stands above both pages.
    filled = isFull ? (tree.byNumber ? cell : 0) : filled + cell;
  }
  return leaves + pagesAbove(tree, leaves, pageSize, kept.length === 0 ? 0 : total / kept.length) + overflow;
}

/** What a row takes of its page, and how many pages of its own it has (https://sqlite.org/fileformat.html, "B-tree Pages"). */
function layOut(
  payload: number,
  byNumber: boolean,
  pageSize: number,
): { readonly cell: number; readonly pages: number } {
  const head = CELL_HEAD + (byNumber ? NUMBER_BYTES : 0) + (payload < LONG_BYTES ? 1 : 2);
  const most = byNumber ? pageSize - 35 : Math.floor(((pageSize - 12) * 64) / 255) - 23;
  if (payload <= most) return { cell: payload + head, pages: 0 };
  const least = Math.floor(((pageSize - 12) * 32) / 255) - 23;
  const surplus = least + ((payload - least) % (pageSize - 4));
  const local = surplus <= most ? surplus : least;
  return { cell: local + head + 4, pages: Math.ceil((payload - local) / (pageSize - 4)) };
}

/** Pages above those of the rows; in a tree that is ordered by a key they hold a cell for each of them. */
function pagesAbove({ byNumber }: Tree, leaves: number, pageSize: number, mean: number): number {
  const pointer = byNumber ? POINTER : mean + 4;
  let pages = 0;
  for (let level = leaves; level > 1; ) {
    level = Math.ceil((level * pointer) / (pageSize - PAGE_HEAD - 4));
    pages += level;
  }
  return pages;
}
