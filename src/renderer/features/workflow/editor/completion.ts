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

/**
 * What may be written at the cursor. What may stand in the place of a word does not hang on its letters: where nothing was offered for a
 * word, the rest of it is typed without asking again, or each letter of a sentence would have the whole text read once more.
 */
export function completionSource(ask: AskCompletions): CompletionSource {
  let barren = '';
  return async (context) => {
    const { state, pos, explicit } = context;
    const isNaming = context.matchBefore(/[\p{L}_][\p{L}\p{N}_-]*$|[\w)\]]\.$|\{\{ ?$/u) !== null;
    if (!explicit && !isNaming) return null;
    const line = state.doc.lineAt(pos);
    const word = context.matchBefore(/[\p{L}\p{N}_-]*$/u)?.from ?? pos;
    const place = `${line.number} ${state.sliceDoc(line.from, word)}`;
    if (!explicit && place === barren) return null;
    const found = await ask(state.sliceDoc(), line.number, pos - line.from + 1).catch(() => null);
    if (found === null) return null;
    const keys = found.keys.map((label) => ({ ...option(label, 1), apply: `${label}: ` }));
    const options = [...keys, ...found.values.map((label) => option(label, 0))];
    barren = options.length === 0 ? place : '';
    return options.length === 0 ? null : { from: line.from + found.from - 1, options, validFor: /^[\p{L}\p{N}_-]*$/u };
  };
}

/** Offers what may be written, while a name is typed and when it is asked for with Ctrl+Space. */
export const completion = (ask: AskCompletions): Extension =>
  autocompletion({ override: [completionSource(ask)], icons: false, interactionDelay: 0 });
