/**
 * Gives each name once: of several that are equal the later ones end in `_2`, `_3` … A spec may hold thousands of one name, so that it
 * is remembered where each of them stands.
 */
export function createFreeNames(): (name: string) => string {
  const taken = new Set<string>();
  const next = new Map<string, number>();
  return (name) => {
    let free = name;
    let count = next.get(name) ?? 2;
    for (; taken.has(free); count += 1) free = `${name}_${count}`;
    next.set(name, count);
    taken.add(free);
    return free;
  };
}
