import { CompletionContext } from '@codemirror/autocomplete';
import { EditorState } from '@codemirror/state';
import { expect, it } from 'vitest';
import { type AskCompletions, completionSource } from './completion.ts';

it('asks once for each word of a sentence where nothing is offered, and whenever somebody asks for it', async () => {
  const asked: string[] = [];
  const ask: AskCompletions = async (text) => {
    asked.push(text);
    return { from: 1, keys: text.startsWith('act') ? ['action'] : [], values: [] };
  };
  const source = completionSource(ask);
  const at = (text: string, explicit = false) =>
    source(new CompletionContext(EditorState.create({ doc: text }), text.length, explicit));
  const typed = 'say: so it is';
  for (let length = 6; length <= typed.length; length += 1) await at(typed.slice(0, length));
  expect(asked).toEqual(['say: s', 'say: so i', 'say: so it i']);
  await at(typed, true);
  expect(asked).toHaveLength(4);
  expect(await at('act')).toMatchObject({ options: [{ label: 'action' }] });
});
