import { expect, test } from 'vitest';
import type { ToolOperation } from '../../../shared/model/bundle.ts';
import { buildArgv, MAX_ARGV_BYTES, toAsciiJson } from './build-argv.ts';

const OPEN = { argument: 'doit', declared: null };

test('SPEC §16 Argv', () => {
  const parameters = {
    a: 1,
    b: true,
    c: false,
    d: null,
    e: [1, { x: 2 }],
    f: { k: 'v' },
    g: 'has space',
    h: 1.5,
    i: '',
  };
  expect(buildArgv(OPEN, parameters)).toEqual({
    args: ['doit', '--a=1', '--b', '--e=[1, {"x": 2}]', '--f={"k": "v"}', '--g=has space', '--h=1.5', '--i='],
    stdin: null,
  });
});

test('no operation argument for a script with one operation; a flag that is on by default can be put off', () => {
  const color = {
    name: 'color',
    type: 'boolean',
    required: false,
    default: true,
    description: '',
    secret: false,
  } as const;
  const plain = { name: 'plain', type: 'boolean', required: false, description: '', secret: false } as const;
  const declared: ToolOperation = {
    name: 'run',
    description: '',
    parameters: [color, plain],
    idempotent: false,
    readOnly: false,
  };
  expect(buildArgv({ argument: null, declared }, { color: false, plain: false }).args).toEqual(['--no-color']);
  expect(buildArgv({ argument: null, declared }, { color: true, plain: true }).args).toEqual(['--color', '--plain']);
});

test('JSON in arguments is ASCII, with blanks as Python writes it', () => {
  expect(toAsciiJson('é')).toBe('"\\u00e9"');
  expect(toAsciiJson({ ключ: ['😀', '\u007f', '\n', '"', '\\', '/'] })).toBe(
    '{"\\u043a\\u043b\\u044e\\u0447": ["\\ud83d\\ude00", "\\u007f", "\\n", "\\"", "\\\\", "/"]}',
  );
  expect(toAsciiJson([])).toBe('[]');
  expect(toAsciiJson({})).toBe('{}');
  expect(toAsciiJson([null, true, 1.5, -0, 1e21])).toBe('[null, true, 1.5, 0, 1e+21]');
});

test('above 100 KiB everything goes to stdin, exactly at 100 KiB it does not', () => {
  const overhead = Buffer.byteLength('doit\0--a=\0');
  const fits = buildArgv(OPEN, { a: 'x'.repeat(MAX_ARGV_BYTES - overhead) });
  expect(fits.stdin).toBeNull();
  const parameters = { a: 'é'.repeat(MAX_ARGV_BYTES / 2), b: null, c: false, d: 'nul \0 is fine here' };
  const large = buildArgv(OPEN, parameters);
  expect(large.args).toEqual(['doit']);
  expect(JSON.parse(large.stdin ?? '')).toEqual({ a: parameters.a, c: false, d: parameters.d });
});

test('digits that were kept as text are a number on stdin where the parameter is one', () => {
  const parameter = { required: false, description: '', secret: false };
  const parameters = [
    { ...parameter, name: 'id', type: 'integer' as const },
    { ...parameter, name: 'code', type: 'string' as const },
  ];
  const declared = { name: 'run', description: '', parameters, idempotent: false, readOnly: false };
  const id = '1182937465019283746';
  const { stdin } = buildArgv({ argument: null, declared }, { id, code: id, rest: 'x'.repeat(MAX_ARGV_BYTES) });
  expect(stdin?.startsWith(`{"id":${id},"code":"${id}","rest":`)).toBe(true);
});
