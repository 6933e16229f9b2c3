import type { Json } from '../../../shared/json.ts';
import type { ConversationEntry, ConversationItem, TokenUsage } from '../../../shared/model/agent.ts';

interface BlockBase {
  /** Number of the first entry in it; nothing else has it. */
  readonly key: number;
  readonly at: number;
  /** When the last piece of it came. */
  readonly lastAt: number;
}
export interface ToolBlock extends BlockBase {
  readonly kind: 'tool';
  readonly id: string;
  readonly tool: string;
  readonly input: Json;
  readonly result: { readonly text: string; readonly isError: boolean; readonly at: number } | null;
}
export interface CallEndBlock extends BlockBase {
  readonly kind: 'call_end';
  readonly model: string | null;
  readonly usage: TokenUsage;
  readonly cost: string | null;
  readonly durationMs: number;
}
/** What a person reads as one thing: a whole text, a tool call with its result, the end of a call. */
export type Block =
  | (BlockBase & { readonly kind: 'prompt'; readonly text: string; readonly model: string | null })
  | (BlockBase & { readonly kind: 'text'; readonly text: string })
  | (BlockBase & { readonly kind: 'thinking'; readonly text: string })
  | ToolBlock
  | CallEndBlock
  | (BlockBase & { readonly kind: 'note'; readonly level: 'info' | 'warning' | 'error'; readonly text: string });

/** What one agent said and did in one attempt of one step. Steps that run at once stand each in their own section. */
export interface Section {
  readonly key: string;
  readonly path: string;
  readonly attempt: number;
  readonly agent: string;
  readonly at: number;
  readonly blocks: readonly Block[];
}

/** Invariants: 1. `read` entries from the first one on are in it, none twice. 2. Sections stand in the order in which they began. */
export interface Conversation {
  readonly read: number;
  readonly sections: readonly Section[];
}

export const NO_CONVERSATION: Conversation = { read: 0, sections: [] };

/** Takes further entries in, ascending; those that are in it already change nothing. */
export function addEntries(conversation: Conversation, entries: readonly ConversationEntry[]): Conversation {
  const news = entries.filter((each) => each.entry > conversation.read);
  if (news.length === 0) return conversation;
  const sections = new Map<string, { head: Omit<Section, 'blocks'>; blocks: Block[] | null }>();
  const known = new Map(conversation.sections.map((section) => [section.key, section]));
  for (const section of conversation.sections) sections.set(section.key, { head: section, blocks: null });
  for (const { path, attempt, agent, at, ...entry } of news) {
    const key = `${path} ${attempt} ${agent}`;
    const section = sections.get(key) ?? { head: { key, path, attempt, agent, at }, blocks: null };
    section.blocks ??= [...(known.get(key)?.blocks ?? [])];
    addItem(section.blocks, { ...entry, at });
    sections.set(key, section);
  }
  return {
    read: news.at(-1)?.entry ?? conversation.read,
    sections: [...sections.values()].map(({ head, blocks }) =>
      blocks === null ? (head as Section) : { ...head, blocks },
    ),
  };
}

interface Arrived {
  readonly entry: number;
  readonly at: number;
  readonly item: ConversationItem;
}

/** Pieces of one kind in a row become one text; a result goes to its call. */
function addItem(blocks: Block[], { entry, at, item }: Arrived): void {
  const base = { key: entry, at, lastAt: at };
  const last = blocks.at(-1);
  if (item.kind === 'text' || item.kind === 'thinking') {
    if (last?.kind === item.kind) blocks[blocks.length - 1] = { ...last, text: last.text + item.text, lastAt: at };
    else blocks.push({ ...base, kind: item.kind, text: item.text });
  } else if (item.kind === 'tool_call') {
    blocks.push({ ...base, kind: 'tool', id: item.id, tool: item.tool, input: item.input, result: null });
  } else if (item.kind === 'tool_result') addResult(blocks, base, item);
  else blocks.push({ ...base, ...item });
}

function addResult(blocks: Block[], base: BlockBase, item: Extract<ConversationItem, { kind: 'tool_result' }>): void {
  const result = { text: item.text, isError: item.isError, at: base.at };
  const place = blocks.findLastIndex((each) => each.kind === 'tool' && each.id === item.id && each.result === null);
  const call = blocks[place];
  if (call?.kind === 'tool') blocks[place] = { ...call, result, lastAt: base.at };
  // A result whose call was never told still happened.
  else blocks.push({ ...base, kind: 'tool', id: item.id, tool: item.id, input: null, result });
}

/** One line of the list: the head of a section, or a block in it. */
export type ConversationRow =
  | { readonly kind: 'head'; readonly key: string; readonly section: Section }
  | { readonly kind: 'block'; readonly key: string; readonly section: Section; readonly block: Block };

/** The sections of one step, or all of them, as lines. */
export function rowsOfConversation(conversation: Conversation, path: string | null): readonly ConversationRow[] {
  return conversation.sections
    .filter((section) => path === null || section.path === path)
    .flatMap((section): ConversationRow[] => [
      { kind: 'head', key: section.key, section },
      ...section.blocks.map(
        (block): ConversationRow => ({ kind: 'block', key: `${section.key} ${block.key}`, section, block }),
      ),
    ]);
}
