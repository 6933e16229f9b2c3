import { describe, expect, it } from 'vitest';
import type { ToolOperationInfo } from '../../../../shared/model/tool.ts';
import { definitionsHash } from '../../definitions-hash.ts';
import type { ToolDefinitions } from '../../registry-port.ts';
import { compareDefinitions, compareOperations } from './compare-definitions.ts';

const operation = (name: string, more: Partial<ToolOperationInfo> = {}): ToolOperationInfo => ({
  ...{ name, description: '', parameters: { type: 'object' }, outputSchema: null, effect: 'effect' as const },
  ...more,
});
const definitions = (...operations: readonly ToolOperationInfo[]): ToolDefinitions => ({
  operations,
  hash: definitionsHash(operations),
});
const compare = (accepted: ToolDefinitions | null, current: ToolDefinitions) => {
  const change = compareDefinitions(accepted, current);
  return change === null ? null : compareOperations(change, accepted, current);
};
const schemaOf = (properties: object): Partial<ToolOperationInfo> => ({
  parameters: { type: 'object', properties } as ToolOperationInfo['parameters'],
});

describe('what a tool says, against what was accepted', () => {
  it('names the places with both words', () => {
    const accepted = definitions(
      operation('post', { description: 'Posts', ...schemaOf({ to: { type: 'string', default: '5' }, cc: {} }) }),
    );
    const current = definitions(
      operation('post', { description: 'Posts to all', ...schemaOf({ to: { type: 'string', default: 5 }, all: {} }) }),
    );
    expect(compare(accepted, current)).toEqual([
      {
        name: 'post',
        kind: 'changed',
        differences: [
          { place: 'description', accepted: 'Posts', current: 'Posts to all' },
          { place: 'parameters.properties.to.default', accepted: '"5"', current: '5' },
          { place: 'parameters.properties.cc', accepted: '{}', current: null },
          { place: 'parameters.properties.all', accepted: null, current: '{}' },
        ],
      },
    ]);
  });

  it('shows a whole operation that came or went', () => {
    const words = [
      { place: 'description', text: 'Shreds' },
      { place: 'parameters', text: '{"type":"object"}' },
      { place: 'effect', text: 'effect' },
    ];
    expect(
      compare(
        definitions(operation('old', { description: 'Shreds' })),
        definitions(operation('new', { description: 'Shreds' })),
      ),
    ).toEqual([
      {
        name: 'new',
        kind: 'added',
        differences: words.map(({ place, text }) => ({ place, accepted: null, current: text })),
      },
      {
        name: 'old',
        kind: 'removed',
        differences: words.map(({ place, text }) => ({ place, accepted: text, current: null })),
      },
    ]);
  });

  it('finds every part that is pinned, and keys that objects have by themselves', () => {
    const before = operation('a', { outputSchema: { type: 'string' }, annotations: { readOnlyHint: true } });
    const after = operation('a', {
      effect: 'idempotent',
      parameters: JSON.parse('{"type": "object", "__proto__": {"x": 1}, "constructor": ""}'),
    });
    expect(compare(definitions(before), definitions(after))?.[0]?.differences).toEqual([
      { place: 'parameters.__proto__', accepted: null, current: '{"x":1}' },
      { place: 'parameters.constructor', accepted: null, current: '""' },
      { place: 'outputSchema', accepted: '{"type":"string"}', current: null },
      { place: 'effect', accepted: 'effect', current: 'idempotent' },
      { place: 'annotations', accepted: '{"readOnlyHint":true}', current: null },
    ]);
  });

  it('says nothing where only the order of keys and operations is another, and all of what was forgotten', () => {
    const one = definitions(operation('a', schemaOf({ x: { type: 'string', title: 'X' } })), operation('b'));
    const same = definitions(operation('b'), operation('a', schemaOf({ x: { title: 'X', type: 'string' } })));
    expect(compare(one, same)).toBe(null);
    expect(compare(null, one)?.map(({ name, kind }) => `${name} ${kind}`)).toEqual(['a added', 'b added']);
  });
});
