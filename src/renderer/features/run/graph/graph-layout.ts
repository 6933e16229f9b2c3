import type { GraphItem } from './graph-model.ts';

/** Where an item stands, in px from the corner of what it stands in. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** In rows: where the highest of its row ends. */
  readonly rowEnd?: number;
}

/** Sizes in px, on the 4 px grid. */
export const STEP_SIZE = { width: 204, height: 56 };
const HEAD = 36;
const WAY_HEAD = 24;
const PAD = 12;
export const GAP = { x: 32, y: 24 };
/** So wide a row inside of a block gets before it goes on below. */
const INNER_WIDTH = 4 * (STEP_SIZE.width + GAP.x);
/** Width by height of the whole picture, as the room for it is. */
const ASPECT = 2.6;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Sizes and inner places of everything, and where the top items stand one after the other. */
export interface Measured {
  readonly places: Map<string, Place>;
  readonly sizes: readonly (Size & { readonly id: string })[];
}

/** Lays the inside of all blocks out, and the top items as rows. */
export function measure(items: readonly GraphItem[]): Measured {
  const places = new Map<string, Place>();
  const sizes = items.map((item) => ({ id: item.id, ...sizeOf(item, places) }));
  const area = sizes.reduce((sum, { width, height }) => sum + (width + GAP.x) * (height + GAP.y), 0);
  const widest = Math.max(0, ...sizes.map(({ width }) => width));
  rows(sizes, { x: 0, y: 0, width: Math.max(widest, Math.sqrt(area * ASPECT)) }, places);
  return { places, sizes };
}

function sizeOf(item: GraphItem, places: Map<string, Place>): Size {
  if (item.kind === 'step' || (item.kind === 'block' && item.children.length === 0)) return STEP_SIZE;
  const sizes = item.children.map((child) => ({ id: child.id, ...sizeOf(child, places) }));
  const head = item.kind === 'way' ? WAY_HEAD : HEAD;
  if (item.children[0]?.kind !== 'way') {
    const inner = rows(sizes, { x: PAD, y: head, width: INNER_WIDTH }, places);
    return { width: Math.max(STEP_SIZE.width, inner.width) + 2 * PAD, height: head + inner.height + PAD };
  }
  const width = Math.max(...sizes.map((size) => size.width));
  let y = head;
  for (const size of sizes) {
    places.set(size.id, { x: PAD, y, width, height: size.height });
    y += size.height + PAD;
  }
  return { width: width + 2 * PAD, height: y };
}

/** One after the other, in rows that begin anew where there is no more room; each in the middle of its row. */
function rows(
  sizes: readonly (Size & { readonly id: string })[],
  area: { readonly x: number; readonly y: number; readonly width: number },
  places: Map<string, Place>,
): Size {
  let x = 0;
  let y = 0;
  let width = 0;
  let row: (Size & { readonly id: string; readonly x: number })[] = [];
  const endRow = (): void => {
    const height = Math.max(0, ...row.map((one) => one.height));
    for (const one of row)
      places.set(one.id, {
        x: area.x + one.x,
        y: area.y + y + (height - one.height) / 2,
        width: one.width,
        height: one.height,
        rowEnd: area.y + y + height,
      });
    y += height + GAP.y;
    x = 0;
    row = [];
  };
  for (const size of sizes) {
    if (row.length > 0 && x + size.width > area.width) endRow();
    row.push({ ...size, x });
    x += size.width + GAP.x;
    width = Math.max(width, x - GAP.x);
  }
  if (row.length > 0) endRow();
  return { width, height: Math.max(0, y - GAP.y) };
}
