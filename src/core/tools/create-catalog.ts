import type { Tool, ToolCatalog } from '../tool-port/index.ts';

/** Tools by name; of two with one name the first counts. Names are sorted. */
export function createCatalog(tools: readonly Tool[]): ToolCatalog {
  const byName = new Map(tools.toReversed().map((tool) => [tool.name, tool]));
  const names = [...byName.keys()].sort();
  return { get: (name) => byName.get(name), names: () => names };
}
