import { describe, expect, it } from 'vitest';
import type { JsonMap } from '../../shared/json.ts';
import { definitionProblems } from './definition-problems.ts';

const problemsOf = (parameters: JsonMap, operation?: string) =>
  definitionProblems(
    'desk',
    { hash: '', operations: [{ name: 'tell', description: '', parameters, outputSchema: null, effect: 'effect' }] },
    operation,
  );

describe('types of parameters', () => {
  it.each<readonly [string, JsonMap, string]>([
    ['a parameter', { properties: { n: { type: 'banana' } } }, '.n'],
    ['an item', { properties: { n: { type: 'array', items: { type: 'banana' } } } }, '.n.items'],
    ['one of many types', { properties: { n: { type: ['null', 'banana'] } } }, '.n'],
    ['an alternative', { properties: { n: { anyOf: [{}, { type: 'banana' }] } } }, '.n.anyOf[1]'],
    ['a definition', { $defs: { x: { properties: { y: { type: 'banana' } } } } }, '.$defs.x.y'],
    ['the whole', { type: 'banana' }, ''],
  ])('%s', (_what, schema, place) => {
    expect(problemsOf(schema)).toEqual([
      {
        severity: 'error',
        code: 'tool.definition_invalid',
        message: `Parameter 'desk.tell${place}' has an unknown type 'banana'. Types: string, integer, number, float, boolean, object, array, null.`,
      },
    ]);
  });

  it('are taken where they are types, or names and values that look like one', () => {
    const schema: JsonMap = {
      type: 'object',
      properties: { type: { type: ['string', 'null'] }, n: { type: 'float', default: { type: 'banana' } } },
      additionalProperties: false,
    };
    expect(problemsOf(schema)).toEqual([]);
    expect(problemsOf({ type: 'banana' }, 'other')).toEqual([]);
    expect(definitionProblems('desk', null)).toEqual([]);
  });

  it('suggest what was meant, say what is no word at all, and end in any depth', () => {
    expect(problemsOf({ properties: { n: { type: 'strin' } } })[0]?.fix).toBe("Did you mean 'string'?");
    expect(problemsOf({ properties: { n: { type: 7 } } })[0]?.message).toContain("unknown type '7'");
    let deep: JsonMap = { type: 'banana' };
    for (let level = 0; level < 20_000; level += 1) deep = { not: deep };
    expect(problemsOf(deep)).toHaveLength(1);
  });
});
