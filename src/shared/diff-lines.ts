/** A line of one text or of both. */
export interface DiffLine {
  readonly sign: ' ' | '+' | '-';
  readonly text: string;
}

/** More pairs of lines than this are not compared: then the one text goes and the other comes. */
const MOST_PAIRS = 4_000_000;

/** What became of a text, line by line: the fewest lines that go and come (a longest common subsequence). */
export function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const start = sharedStart(before, after);
  const end = sharedStart(before.slice(start).reverse(), after.slice(start).reverse());
  const old = before.slice(start, before.length - end);
  const fresh = after.slice(start, after.length - end);
  const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ sign: ' ', text }));
  const middle = old.length * fresh.length > MOST_PAIRS ? replaced(old, fresh) : compared(old, fresh);
  return [...same(before.slice(0, start)), ...middle, ...same(before.slice(before.length - end))];
}

function sharedStart(one: readonly string[], other: readonly string[]): number {
  let count = 0;
  while (count < one.length && count < other.length && one[count] === other[count]) count += 1;
  return count;
}

const replaced = (old: readonly string[], fresh: readonly string[]): DiffLine[] => [
  ...old.map((text) => ({ sign: '-', text }) as const),
  ...fresh.map((text) => ({ sign: '+', text }) as const),
];

function compared(old: readonly string[], fresh: readonly string[]): DiffLine[] {
  const width = fresh.length + 1;
  // How many lines are the same from here to both ends.
  const common = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = fresh.length - 1; j >= 0; j -= 1)
      common[i * width + j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length && j < fresh.length) {
    const [gone = '', come = ''] = [old[i], fresh[j]];
    if (gone === come) {
      lines.push({ sign: ' ', text: gone });
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      lines.push({ sign: '-', text: gone });
      i += 1;
    } else {
      lines.push({ sign: '+', text: come });
      j += 1;
    }
  }
  return [...lines, ...replaced(old.slice(i), fresh.slice(j))];
}
