import { describe, expect, it } from 'vitest';
import { type FieldProblem, Fields, locate, openSettings, readYamlFile, type YamlNode } from './index.ts';

const FILE = 'f.yaml';

/** Reads one map and gives what `take` says, with every problem as `place severity kind: message -> fix`. */
function read(
  text: string,
  take: (fields: Fields) => unknown,
  of?: string,
): { value: unknown; said: readonly string[] } {
  const node = readYamlFile({ file: FILE, text }, (_, message) => {
    throw new Error(message);
  });
  if (node?.kind !== 'map') throw new Error('no map');
  const said: string[] = [];
  const show = ({ severity, kind, message, at, fix }: FieldProblem): void => {
    const { file, line, column } = locate(at);
    expect(file).toBe(FILE);
    said.push(`${line}:${column} ${severity} ${kind}: ${message}${fix === undefined ? '' : ` -> ${fix}`}`);
  };
  const value = take(new Fields(node, { field: show }, of === undefined ? {} : { of }));
  return { value, said };
}

const DURATION_FIX = ' -> Write for example 30s, 5m or 1h30m.';
const upper = (fields: Fields) =>
  fields.as('a', 'a word in capitals', (text) => (/^[A-Z]+$/.test(text) ? text : undefined));

describe('the one reader of keys', () => {
  it.each<[name: string, text: string, take: (fields: Fields) => unknown, value: unknown, said?: string]>([
    ['text', 'a: hello', (f) => f.text('a'), 'hello'],
    ['text keeps its spelling', 'a: 3.10', (f) => f.text('a'), '3.10'],
    ['text: nothing written', 'b: 1', (f) => f.text('a'), undefined],
    ['text: no value', 'a: ~', (f) => f.text('a'), undefined],
    ['text: a list', 'a: [1]', (f) => f.text('a'), undefined, "1:4 error wrong_type: 'a' must be a text, it is a list"],
    ['flag', 'a: true', (f) => f.flag('a'), true],
    [
      'flag: a word',
      'a: yes',
      (f) => f.flag('a'),
      undefined,
      "1:4 error wrong_type: 'a' must be true or false, it is a text",
    ],
    ['number', 'a: 1.5', (f) => f.number('a', { min: 0, max: 2 }), 1.5],
    [
      'number: a text',
      'a: "1"',
      (f) => f.number('a'),
      undefined,
      "1:4 error wrong_type: 'a' must be a number, it is a text",
    ],
    [
      'number: too little',
      'a: 0',
      (f) => f.number('a', { above: 0 }),
      undefined,
      "1:4 error wrong_type: 'a' must be a number above 0, it is 0",
    ],
    [
      'number: too much',
      'a: 3',
      (f) => f.number('a', { min: 0, max: 2 }),
      undefined,
      "1:4 error wrong_type: 'a' must be a number from 0 to 2, it is 3",
    ],
    ['integer', 'a: 3', (f) => f.integer('a', { min: 1 }), 3],
    [
      'integer: a fraction',
      'a: 1.5',
      (f) => f.integer('a', { min: 1 }),
      undefined,
      "1:4 error wrong_type: 'a' must be a whole number from 1 on, it is 1.5",
    ],
    ['word', 'a: red', (f) => f.word('a', ['red', 'blue']), 'red'],
    [
      'word: a near one',
      'a: rad',
      (f) => f.word('a', ['red', 'blue']),
      undefined,
      "1:4 error unknown_word: 'a' must be red or blue, not 'rad' -> Did you mean 'red'?",
    ],
    [
      'word: a map',
      'a: {}',
      (f) => f.word('a', ['red', 'blue']),
      undefined,
      "1:4 error unknown_word: 'a' must be red or blue, it is a map",
    ],
    ['duration', 'a: 1m30s', (f) => f.duration('a'), 90_000],
    [
      'duration: unreadable',
      'a: soon',
      (f) => f.duration('a'),
      undefined,
      `1:4 warning invalid_duration: 'a': 'soon' is not a duration such as 30s, 5m or 1h30m; the default is used${DURATION_FIX}`,
    ],
    [
      'duration: negative',
      'a: -5',
      (f) => f.duration('a'),
      undefined,
      `1:4 error invalid_duration: 'a': Duration '-5' is negative${DURATION_FIX}`,
    ],
    ['duration: none', 'a: 0', (f) => f.duration('a'), 0],
    [
      'duration: none where it must last',
      'a: 0',
      (f) => f.duration('a', { isPositive: true }),
      undefined,
      `1:4 error invalid_duration: 'a': it must be longer than nothing${DURATION_FIX}`,
    ],
    [
      'duration: a flag',
      'a: true',
      (f) => f.duration('a'),
      undefined,
      "1:4 error wrong_type: 'a' must be a duration such as 30s or 5m, it is true",
    ],
    ['texts', 'a: [x, 1.0]', (f) => f.texts('a'), ['x', '1.0']],
    ['texts: one', 'a: x, y', (f) => f.texts('a'), ['x, y']],
    [
      'texts: a map',
      'a: {x: 1}',
      (f) => f.texts('a'),
      undefined,
      "1:4 error wrong_type: 'a' must be a list of texts, it is a map",
    ],
    [
      'texts: one is wrong',
      'a: [x, [y]]',
      (f) => f.texts('a'),
      ['x'],
      "1:8 error wrong_type: 'a' must hold texts only, this one is a list",
    ],
    ['textMap', 'a: {x: 1.0, y: }', (f) => f.textMap('a'), { x: '1.0', y: '' }],
    [
      'textMap: one is wrong',
      'a: {x: 1, y: [z]}',
      (f) => f.textMap('a'),
      { x: '1' },
      "1:14 error wrong_type: 'y' must be a text, it is a list",
    ],
    ['textMap: a list', 'a: [x]', (f) => f.textMap('a'), {}, "1:4 error wrong_type: 'a' must be a map, it is a list"],
    ['list', 'a: [1, {}]', (f) => f.list('a')?.map((node: YamlNode) => node.value), [1, {}]],
    [
      'list: a text',
      'a: x',
      (f) => f.list('a', 'a: [x]'),
      undefined,
      "1:4 error wrong_type: 'a' must be a list, it is a text -> a: [x]",
    ],
    ['maps', 'a: [{b: 1}, {b: 2}]', (f) => f.maps('a').map((one) => one.integer('b')), [1, 2]],
    ['maps: one', 'a: {b: 1}', (f) => f.maps('a').map((one) => one.integer('b')), [1]],
    [
      'maps: a text',
      'a: [x]',
      (f) => f.maps('a'),
      [],
      "1:5 error wrong_type: An item of 'a' must be a map, it is a text",
    ],
    ['map', 'a: {b: x}', (f) => f.map('a')?.text('b'), 'x'],
    ['map: none', 'b: 1', (f) => f.map('a'), undefined],
    ['section: none', 'b: 1', (f) => f.section('a').text('b'), undefined],
    [
      'section is said to be wrong once',
      'a: x',
      (f) => [f.map('a'), f.section('a').text('b')],
      [undefined, undefined],
      "1:4 error wrong_type: 'a' must be a map, it is a text",
    ],
    ['as', 'a: ABC', upper, 'ABC'],
    [
      'as: another form',
      'a: abc',
      upper,
      undefined,
      "1:4 error wrong_type: 'a' must be a word in capitals, it is a text",
    ],
    ['required', 'a: 1', (f) => f.required('a')?.node.value, 1],
    [
      'require: none',
      'b: 1',
      (f) => f.required('a', 'Add it.'),
      undefined,
      "1:1 error missing_key: 'a' is missing -> Add it.",
    ],
    [
      'unknown keys of a list',
      'tpye: 1\nx: 2',
      (f) => f.checkKeys(['type', 'x']),
      undefined,
      "1:1 warning unknown_key: Unknown key 'tpye' -> Did you mean 'type'?",
    ],
    [
      'a merge key',
      '<<: {x: 1}',
      (f) => f.checkKeys(['type']),
      undefined,
      "1:1 warning unknown_key: Unknown key '<<' -> YAML merge keys are not read; write the keys out.",
    ],
    [
      'keys that nobody asked for',
      'a: {nmae: 1}',
      (f) => [f.section('a').text('name'), f.checkAsked()],
      [undefined, undefined],
      "1:5 warning unknown_key: Unknown key 'nmae' -> Did you mean 'name'?",
    ],
    [
      'keys of the author',
      'a: {anything: 1}',
      (f) => [f.section('a').entries().length, f.checkAsked()],
      [1, undefined],
    ],
  ])('%s', (_, text, take, value, said) =>
    expect(read(text, take)).toEqual({ value, said: said === undefined ? [] : [said] }),
  );

  it('says whose key it is', () => {
    const { said } = read('a: [1]\nother: 1', (fields) => [fields.text('a'), fields.checkAsked()], "tool 'shop'");
    expect(said).toEqual([
      "1:4 error wrong_type: 'a' of tool 'shop' must be a text, it is a list",
      "2:1 warning unknown_key: Unknown key 'other' of tool 'shop'",
    ]);
  });

  it('reports no more than the first 50 unknown keys', () => {
    const text = Array.from({ length: 60 }, (_, index) => `key${index}: 1`).join('\n');
    expect(read(text, (fields) => fields.checkKeys([])).said).toHaveLength(50);
  });
});

describe('settings of several files', () => {
  const open = (below: string, above: string, env: Readonly<Record<string, string>> = {}) =>
    openSettings(
      [
        { file: 'below.yaml', text: below },
        { file: 'above.yaml', text: above },
      ],
      {
        code: 'config.invalid',
        override: (path) => {
          const [name, text] = [path.join('_').toUpperCase(), env[path.join('_').toUpperCase()]];
          return text === undefined ? undefined : { name, text };
        },
      },
    );

  it('are one map, and every value knows the file that it is of', () => {
    const { root, finish } = open('a: {x: 1, y: [1], z: 3}\nb: keep', 'a: {x: [2], z: 4}\nb:\nc: {d: 1}');
    const a = root.section('a');
    expect([a.integer('z'), a.text('x'), a.text('y'), root.text('b')]).toEqual([4, undefined, undefined, undefined]);
    expect(finish()).toMatchObject([
      { message: "'a.x' must be a text, it is a list", file: 'above.yaml', line: 1, column: 8 },
      { message: "'a.y' must be a text, it is a list", file: 'below.yaml', line: 1, column: 14 },
      { message: "Unknown key 'c'", severity: 'warning', file: 'above.yaml', line: 3 },
    ]);
  });

  it('keep a map that the one above leaves empty', () => {
    expect(open('a: {x: 1}', 'a:').root.section('a').integer('x')).toBe(1);
  });

  it('take the texts of variables as numbers, flags and lists, and name the variable that is wrong', () => {
    const { root, finish } = open('a: {n: 1, f: false}', '', { A_N: '7', A_F: 'on', A_L: 'x, y', A_D: 'soon' });
    const a = root.section('a');
    expect([a.integer('n'), a.flag('f'), a.texts('l'), a.duration('d')]).toEqual([7, true, ['x', 'y'], undefined]);
    const [problem] = finish();
    expect(problem).toMatchObject({ file: 'A_D', code: 'config.invalid', severity: 'warning' });
    expect(problem).not.toHaveProperty('line');
  });
});
