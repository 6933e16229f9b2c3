import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonMap } from '../../src/shared/json.ts';
import { errorOf, openRegistryLab, REGISTRY, type RegistryLab } from '../support/registry-lab.ts';

/** Adapters as people write them (`README.md` names the cases). */
const ID = '1182937465019283746';
const HOOKS = { signal: new AbortController().signal, log: () => undefined };

let lab: RegistryLab;
beforeEach(() => {
  lab = openRegistryLab();
});
afterEach(() => lab.dispose());

async function open(file: string, text: string) {
  const registry = `tools: [{name: desk, implementations: [{type: custom, adapter_path: custom/${file}}]}]\n`;
  lab.write({ [`.aiworkflow/tools/custom/${file}`]: text, [REGISTRY]: registry });
  const opened = await lab.open();
  return (operation: string, inputs: JsonMap = {}) => opened.call('desk', operation, inputs, HOOKS);
}

describe('a Python adapter', () => {
  const ADAPTER = `
import math

def op_find(name: str):
    return {"id": 1182937465019283746, "ids": [18446744073709551615, -9007199254740993], "name": name}

def op_next(id: int):
    return str(id + 1)

def op_mean(values: list):
    return {"mean": math.nan, "most": math.inf, "least": -math.inf, "count": len(values)}

def op_plain(flag: bool, text: str):
    return [repr(flag), repr(text)]
`;

  test('its large integers keep their digits, and it is given integers', async () => {
    const call = await open('adapter.py', ADAPTER);
    expect(await call('find', { name: 'Ann' })).toMatchObject({
      output: { id: ID, ids: ['18446744073709551615', '-9007199254740993'], name: 'Ann' },
      warnings: [
        `id: ${ID} is kept as text`,
        'ids[0]: 18446744073709551615 is kept as text',
        'ids[1]: -9007199254740993 is kept as text',
      ],
    });
    expect((await call('next', { id: ID })).output).toBe('1182937465019283747');
  });

  test('the mean of nothing costs itself alone', async () => {
    const call = await open('adapter.py', ADAPTER);
    expect(await call('mean', { values: [] })).toMatchObject({
      output: { mean: null, most: null, least: null, count: 0 },
      warnings: [
        'mean: NaN is no number that can be kept; it became null',
        'most: Infinity is no number that can be kept; it became null',
        'least: -Infinity is no number that can be kept; it became null',
      ],
    });
  });

  test('null invents no value: not false, not an empty text', async () => {
    const call = await open('adapter.py', ADAPTER);
    const error = await errorOf(call('plain', { flag: null, text: 'x' }));
    expect(error).toMatchObject({ code: 'tool.invalid_params', message: 'Required parameter not provided: flag' });
  });

  test('operations in a list are refused, never read as none', async () => {
    const call = await open('adapter.py', 'operations = ["find"]\ndef find():\n    return 1\n');
    const error = await errorOf(call('find'));
    expect(error).toMatchObject({ code: 'tool.definition_invalid' });
    expect(error.message).toContain('operations must be a dict of names and functions');
  });

  test('what it printed last stands in the error of one that ends itself', async () => {
    const call = await open(
      'adapter.py',
      'import os, sys\ndef op_go():\n    print("no licence", file=sys.stderr)\n    os._exit(3)\n',
    );
    const error = await errorOf(call('go'));
    expect(error.message).toBe("The adapter of 'desk' ended (exit code 3) before it answered: no licence");
    expect(error.details).toMatchObject({ exit_code: 3, stderr: 'no licence' });
  });
});

describe('a JavaScript adapter', () => {
  const ADAPTER = `
export const schema = {
  next: { parameters: { id: { type: 'integer', required: true } } },
  label: { parameters: { id: { type: 'string', required: true } } },
};
export const next = ({ id }) => String(id + 1n);
export const label = ({ id }) => typeof id + ' ' + id;
export const find = () => ({ id: 1182937465019283746n, mean: 0 / 0, list: [1 / 0, 1n], at: new Date(0), nothing: undefined });
`;

  test('its bigints keep their digits, numbers that are none become null, and it is given bigints', async () => {
    const call = await open('adapter.mjs', ADAPTER);
    expect(await call('find')).toMatchObject({
      output: { id: ID, mean: null, list: [null, 1], at: '1970-01-01T00:00:00.000Z' },
      warnings: [
        `id: ${ID} is kept as text`,
        'mean: NaN is no number that can be kept; it became null',
        'list[0]: Infinity is no number that can be kept; it became null',
      ],
    });
    expect((await call('next', { id: ID })).output).toBe('1182937465019283747');
    expect((await call('label', { id: ID })).output).toBe(`string ${ID}`);
  });

  test.each([
    ["'all of them'", "'schema' must be a map"],
    ['{ go: { parameters: [{ name: "a" }] } }', "'schema.go.parameters' must be a map"],
    ['{ go: "a text" }', "'schema.go' must be a map"],
    ['{ go: { timeout: "soon" } }', "'schema.go.timeout' must be a duration"],
  ])('a schema of another form (%s) is refused, never read as none', async (schema, problem) => {
    const call = await open('adapter.mjs', `export const schema = ${schema};\nexport const go = () => 1;\n`);
    const error = await errorOf(call('go'));
    expect(error).toMatchObject({ code: 'tool.definition_invalid' });
    expect(error.message).toContain(problem);
  });
});
