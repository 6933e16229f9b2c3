import { autocompletion, type Completion, type CompletionSource } from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import type { Completions } from '../../../../shared/contract/index.ts';

/** What may be written at a place (1-based) of a text. */
export type AskCompletions = (source: string, line: number, column: number) => Promise<Completions>;

const option = (label: string, boost: number): Completion => ({
  label,
  boost,
  type: boost > 0 ? 'property' : 'variable',
});

/** Offers what may be written, while a name is typed and when it is asked for with Ctrl+Space. */
export const completion = (ask: AskCompletions): Extension => {
  const source: CompletionSource = async (context) => {
    const { state, pos, explicit } = context;
    const isNaming = context.matchBefore(/[\p{L}_][\p{L}\p{N}_-]*$|[\w)\]]\.$|\{\{ ?$/u) !== null;
    if (!explicit && !isNaming) return null;
    const line = state.doc.lineAt(pos);
    const found = await ask(state.sliceDoc(), line.number, pos - line.from + 1).catch(() => null);
    if (found === null) return null;
    const keys = found.keys.map((label) => ({ ...option(label, 1), apply: `${label}: ` }));
    const options = [...keys, ...found.values.map((label) => option(label, 0))];
    return options.length === 0 ? null : { from: line.from + found.from - 1, options, validFor: /^[\p{L}\p{N}_-]*$/u };
  };
  return autocompletion({ override: [source], icons: false, interactionDelay: 0 });
};
