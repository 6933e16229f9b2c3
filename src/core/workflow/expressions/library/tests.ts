import { typeFailure } from '../runtime/failures.ts';
import { charge } from '../runtime/limits.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { isCallable } from '../values/access.ts';
import { isEqual, isIn, isOrdered, type OrderOperator } from '../values/compare.ts';
import { aKindOf, isMap } from '../values/values.ts';
import { metered, type Test, type Work } from './library.ts';

type Run = Work<unknown, boolean>;

function test(run: Run, params: readonly string[] = [], seesUndefined = false): Test {
  return { params, run: metered(run), seesUndefined, required: params.length };
}

function numberOf(value: unknown, name: string): number {
  if (typeof value === 'number') return value;
  throw typeFailure(`The test '${name}' needs a number, not ${aKindOf(value)}.`);
}

function divisible(value: unknown, by: number, name: string): boolean {
  if (by === 0) throw typeFailure('Division by zero.');
  return numberOf(value, name) % by === 0;
}

function ordered(operator: OrderOperator): Test {
  return test((value, args, rt) => isOrdered(operator, value, args.values[0], rt), ['other']);
}

const equal = test((value, args, rt) => isEqual(value, args.values[0], rt), ['other'], true);
const unequal = test((value, args, rt) => !isEqual(value, args.values[0], rt), ['other'], true);
const isNull = test((value) => value === null);
const isSequence: Run = (value) => typeof value === 'string' || Array.isArray(value) || isMap(value);

/** Lower or upper case as in Python: at least one letter has a case. */
function hasCase(value: unknown, change: 'toLowerCase' | 'toUpperCase', rt: Runtime): boolean {
  if (typeof value !== 'string') return false;
  charge(rt, value.length * 4);
  return value === value[change]() && value.toLowerCase() !== value.toUpperCase();
}

const isSame: Run = (value, args, rt) => {
  const [other] = args.values;
  return typeof value === 'string' && typeof other === 'string' ? isEqual(value, other, rt) : value === other;
};

/** The tests of SPEC 2.3. */
export const TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['defined', test((value) => value !== undefined, [], true)],
  ['undefined', test((value) => value === undefined, [], true)],
  ['none', isNull],
  ['null', isNull],
  ['boolean', test((value) => typeof value === 'boolean')],
  ['true', test((value) => value === true)],
  ['false', test((value) => value === false)],
  ['number', test((value) => typeof value === 'number')],
  ['integer', test((value) => typeof value === 'number' && Number.isInteger(value))],
  ['float', test((value) => typeof value === 'number' && !Number.isInteger(value))],
  ['string', test((value) => typeof value === 'string')],
  ['mapping', test((value) => isMap(value))],
  ['sequence', test(isSequence)],
  ['iterable', test(isSequence)],
  ['callable', test(isCallable)],
  ['lower', test((value, _args, rt) => hasCase(value, 'toLowerCase', rt))],
  ['upper', test((value, _args, rt) => hasCase(value, 'toUpperCase', rt))],
  ['odd', test((value) => Math.abs(numberOf(value, 'odd') % 2) === 1)],
  ['even', test((value) => numberOf(value, 'even') % 2 === 0)],
  [
    'divisibleby',
    test((value, args) => divisible(value, numberOf(args.values[0], 'divisibleby'), 'divisibleby'), ['num']),
  ],
  ['sameas', test(isSame, ['other'])],
  ['in', test((value, args, rt) => isIn(value, args.values[0], rt) === true, ['seq'])],
  ['eq', equal],
  ['equalto', equal],
  ['==', equal],
  ['ne', unequal],
  ['!=', unequal],
  ['lt', ordered('<')],
  ['lessthan', ordered('<')],
  ['<', ordered('<')],
  ['le', ordered('<=')],
  ['<=', ordered('<=')],
  ['gt', ordered('>')],
  ['greaterthan', ordered('>')],
  ['>', ordered('>')],
  ['ge', ordered('>=')],
  ['>=', ordered('>=')],
  ['filter', test((value, _args, rt) => typeof value === 'string' && rt.library.filters.has(value))],
  ['test', test((value, _args, rt) => typeof value === 'string' && rt.library.tests.has(value))],
]);
