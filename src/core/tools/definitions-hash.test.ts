import { describe, expect, it } from 'vitest';
import type { ToolOperationInfo } from '../../shared/model/tool.ts';
import { definitionsHash } from './definitions-hash.ts';

const read: ToolOperationInfo = {
  name: 'read',
  description: 'Reads a file',
  parameters: { type: 'object', properties: { path: { type: 'string' }, lines: { type: 'integer' } } },
  outputSchema: null,
  effect: 'idempotent',
};
const write: ToolOperationInfo = { ...read, name: 'write', effect: 'effect' };

describe('definitionsHash', () => {
  it('is 64 hex letters', () => {
    expect(definitionsHash([read])).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is the same whether it is told as reading only or not: what says so is in it already', () => {
    expect(definitionsHash([{ ...read, isReadOnly: true }])).toBe(definitionsHash([read]));
  });

  it('does not look at the order of operations and keys', () => {
    const turned: ToolOperationInfo = {
      effect: 'idempotent',
      outputSchema: null,
      parameters: { properties: { lines: { type: 'integer' }, path: { type: 'string' } }, type: 'object' },
      description: 'Reads a file',
      name: 'read',
    };
    expect(definitionsHash([write, turned])).toBe(definitionsHash([read, write]));
  });

  it.each([
    ['a description', { ...read, description: 'Reads a file.' }],
    ['a name', { ...read, name: 'reads' }],
    [
      'a deep word of a schema',
      { ...read, parameters: { ...read.parameters, properties: { path: { type: 'text' } } } },
    ],
    ['a key with the value null', { ...read, parameters: { ...read.parameters, title: null } }],
    ['the effect', write],
    ['an output schema', { ...read, outputSchema: {} }],
  ])('changes with %s', (_, changed) => {
    expect(definitionsHash([changed])).not.toBe(definitionsHash([read]));
  });
});
