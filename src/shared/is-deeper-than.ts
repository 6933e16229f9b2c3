/** Whether a value that came as JSON nests deeper than `max`. Does not recurse: the value may be made to break what does. */
export function isDeeperThan(value: unknown, max: number): boolean {
  const open: { readonly value: object; readonly depth: number }[] = [];
  const enter = (inner: unknown, depth: number): void => {
    if (typeof inner === 'object' && inner !== null) open.push({ value: inner, depth });
  };
  enter(value, 1);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.depth > max) return true;
    for (const inner of Object.values(next.value)) enter(inner, next.depth + 1);
  }
  return false;
}
