import {
  CircleCheck,
  CircleDashed,
  CirclePlay,
  CircleStop,
  CircleX,
  type LucideIcon,
  RotateCcw,
  TriangleAlert,
} from 'lucide-react';
import type { ToolServer, ToolState, ToolSummary, ToolType } from '../../../shared/model/tool.ts';

interface Look {
  readonly icon: LucideIcon;
  readonly tone: string;
}
/** Icon and colour; the word is `tools:state.<state>`. */
export const TOOL_LOOK: Readonly<Record<ToolState, Look>> = {
  ready: { icon: CircleCheck, tone: 'st-success' },
  unknown: { icon: CircleDashed, tone: 'st-pending' },
  running: { icon: CirclePlay, tone: 'st-running' },
  failed: { icon: CircleX, tone: 'st-failed' },
  changed: { icon: TriangleAlert, tone: 'st-waiting' },
};
export const SERVER_LOOK: Readonly<Record<ToolServer['state'], Look>> = {
  stopped: { icon: CircleStop, tone: 'st-skipped' },
  starting: { icon: CirclePlay, tone: 'st-running' },
  running: { icon: CirclePlay, tone: 'st-running' },
  waiting_to_restart: { icon: RotateCcw, tone: 'st-waiting' },
  failed: { icon: CircleX, tone: 'st-failed' },
};

export const TOOL_TYPES: readonly ToolType[] = ['mcp', 'openapi', 'custom', 'script'];

export interface ToolFilter {
  readonly text: string;
  readonly type: ToolType | null;
}
export const NO_TOOL_FILTER: ToolFilter = { text: '', type: null };

/** The tools that hold every word of the text, of the chosen type. */
export function filterTools(tools: readonly ToolSummary[], filter: ToolFilter): readonly ToolSummary[] {
  const words = wordsOf(filter.text);
  return tools.filter(
    (tool) =>
      (filter.type === null || tool.types.includes(filter.type)) &&
      holdsAll(`${tool.name} ${tool.description} ${tool.category}`, words),
  );
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().split(/\s+/).filter(Boolean);
const holdsAll = (text: string, words: readonly string[]): boolean =>
  words.every((word) => text.toLowerCase().includes(word));

/** The operations that hold every word of the text. */
export function filterOperations<T extends { readonly name: string; readonly description: string }>(
  operations: readonly T[],
  text: string,
): readonly T[] {
  const words = wordsOf(text);
  return words.length === 0
    ? operations
    : operations.filter(({ name, description }) => holdsAll(`${name} ${description}`, words));
}
