import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ANSWER_FUNCTION, createFunctionNames } from './function-names.ts';

it('gives names that providers accept, each leads back to its own', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 90 }), { maxLength: 12 }),
      (names) => {
        const both = createFunctionNames(names);
        const wires = names.map((name) => both.toWire(name));
        for (const wire of wires) expect(wire).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
        expect(new Set(wires).size).toBe(names.length);
        expect(wires).not.toContain(ANSWER_FUNCTION);
        expect(wires.map((wire) => both.fromWire(wire))).toEqual(names);
      },
    ),
  );
});

it('tells names apart that become the same, and knows no other', () => {
  const both = createFunctionNames(['files.read', 'files__read', 'give_answer', 'constructor.call']);
  expect(both.toWire('files.read')).toBe('files__read');
  expect(both.fromWire(both.toWire('files__read'))).toBe('files__read');
  expect(both.fromWire(both.toWire('give_answer'))).toBe('give_answer');
  for (const name of [
    '',
    'files',
    'files.write',
    'Files__read',
    'toString',
    '__proto__',
    'constructor',
    'files__read ',
  ]) {
    expect(both.fromWire(name)).toBeNull();
  }
});

it('lets nobody take the place of another name', () => {
  // The wire name of the first is the plain name of the second: each still leads to itself.
  const both = createFunctionNames(['a.b', 'a__b']);
  expect(both.fromWire(both.toWire('a.b'))).toBe('a.b');
  expect(both.fromWire(both.toWire('a__b'))).toBe('a__b');
});
