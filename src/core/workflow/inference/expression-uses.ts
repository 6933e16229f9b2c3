import type {
  CallExpr,
  ChainExpr,
  CompareExpr,
  CompareStep,
  Expr,
  FilterExpr,
  TestStep,
} from '../expressions/syntax/ast.ts';
import { filterUse } from './filter-uses.ts';
import {
  alike,
  either,
  entryOf,
  FLAG,
  itemOf,
  type Known,
  listOf,
  mark,
  member,
  NUMBER,
  OTHER,
  placesOf,
  TEXT,
  typeOf,
} from './known-value.ts';
import { guardedScope, lookUp, need, testedScope, type UseScope } from './use-scope.ts';

/** What an expression gives; what it says about the places of the answer is marked on the way. */
export function follow(expr: Expr, scope: UseScope): Known {
  const value = look(expr, scope);
  scope.seen.set(expr, value);
  return value;
}

function look(expr: Expr, scope: UseScope): Known {
  switch (expr.kind) {
    case 'literal':
      return followLiteral(expr.value);
    case 'name':
      return expr.word && lookUp(scope, expr.name) === OTHER
        ? { kind: 'typed', type: 'string', text: expr.name }
        : need(lookUp(scope, expr.name), scope);
    case 'list':
      return listOf(either(...expr.items.map((one) => follow(one, scope))));
    case 'map':
      return followMap(expr.entries, scope);
    case 'attribute':
      return need(member(follow(expr.target, scope), expr.name), scope);
    case 'index':
      return followIndex(expr, scope);
    case 'slice':
      for (const one of [expr.from, expr.to, expr.step]) if (one !== undefined) mark(follow(one, scope), 'number');
      return follow(expr.target, scope);
    case 'call':
      return followCall(expr, scope);
    case 'filter':
      return followFilter(expr, scope);
    case 'unary':
      return followUnary(expr, scope);
    case 'chain':
      return followChain(expr, scope);
    case 'compare':
      return followCompare(expr, scope);
    case 'logic':
      return followLogic(expr, scope);
    case 'ternary': {
      follow(expr.test, scope);
      const yes = follow(expr.yes, testedScope(scope, testedBy(expr.test, scope)));
      return either(yes, expr.no === undefined ? OTHER : follow(expr.no, scope));
    }
  }
}

/** What a test that was looked at tests: where it holds these places are as it wants them. */
export function testedBy(test: Expr, scope: UseScope): readonly Known[] {
  switch (test.kind) {
    case 'logic':
      return test.operands.flatMap((one) => testedBy(one, scope));
    case 'unary':
      return testedBy(test.operand, scope);
    case 'compare':
      return [test.first, ...test.rest.flatMap((step) => ('operand' in step ? [step.operand] : []))].flatMap((one) =>
        testedBy(one, scope),
      );
    case 'filter':
      return test.input === undefined ? [] : testedBy(test.input, scope);
    default:
      return [scope.seen.get(test) ?? OTHER];
  }
}

function followLiteral(value: string | number | boolean | null): Known {
  if (value === null) return OTHER;
  if (typeof value === 'string') return { kind: 'typed', type: 'string', text: value };
  return typeof value === 'number' ? NUMBER : FLAG;
}

function followMap(entries: Extract<Expr, { kind: 'map' }>['entries'], scope: UseScope): Known {
  const named = entries.flatMap(({ key, value }): [string, Known][] => {
    const name = typeOf(follow(key, scope))?.text;
    const given = follow(value, scope);
    return name === undefined ? [] : [[name, given]];
  });
  return { kind: 'map', entries: new Map(named) };
}

function followIndex({ target, index }: Extract<Expr, { kind: 'index' }>, scope: UseScope): Known {
  const whole = follow(target, scope);
  const at = follow(index, scope);
  const type = typeOf(at);
  if (type?.text !== undefined) return need(member(whole, type.text), scope);
  if (type?.type === 'number') return need(itemOf(whole), scope);
  // A key that only a run knows: a list or a map.
  return OTHER;
}

function followUnary(expr: Extract<Expr, { kind: 'unary' }>, scope: UseScope): Known {
  const operand = follow(expr.operand, scope);
  if (expr.operator === 'not') return FLAG;
  mark(operand, 'number');
  return NUMBER;
}

function followChain({ first, rest }: ChainExpr, scope: UseScope): Known {
  let left = follow(first, scope);
  for (const { operator, operand } of rest) {
    const right = follow(operand, scope);
    if (operator === '~') left = TEXT;
    else if (operator === '+') left = followSum(left, right);
    else if (operator === '%' && typeOf(left)?.type === 'string') left = TEXT;
    else {
      mark(left, 'number');
      mark(right, 'number');
      const divides = operator === '/' || operator === '//' || operator === '%';
      if (divides) for (const shape of placesOf(right)) if (!scope.tested.has(shape)) shape.isDivisor = true;
      left = NUMBER;
    }
  }
  return left;
}

/** Numbers, texts and lists can be added: the other side says which; between two unknown ones it is most likely numbers. */
function followSum(left: Known, right: Known): Known {
  alike(withoutText(left), withoutText(right));
  for (const side of [left, right]) mark(side, 'number', 'likely');
  return typeOf(left) === null ? (typeOf(right) === null ? NUMBER : right) : left;
}

/** A text that is added to another is no value to compare with. */
const withoutText = (value: Known): Known => (value.kind === 'typed' ? { kind: 'typed', type: value.type } : value);

function followLogic({ operator, operands }: Extract<Expr, { kind: 'logic' }>, scope: UseScope): Known {
  if (operator === 'or') return either(...operands.map((one) => follow(one, guardedScope(scope))));
  let within = scope;
  let last: Known = OTHER;
  for (const operand of operands) {
    last = follow(operand, within);
    within = testedScope(within, testedBy(operand, within));
  }
  return last;
}

function followCompare({ first, rest }: CompareExpr, scope: UseScope): Known {
  const looksForDefined = rest.some((step) => 'name' in step && /^(?:un)?defined$|^none$|^null$/.test(step.name));
  let left = follow(first, looksForDefined ? guardedScope(scope) : scope);
  for (const step of rest) left = followStep(left, step, scope);
  return FLAG;
}

function followStep(left: Known, step: CompareStep, scope: UseScope): Known {
  if ('name' in step) {
    followTest(left, step, scope);
    return left;
  }
  const right = follow(step.operand, scope);
  if (step.operator === 'in' || step.operator === 'not in') alike(left, itemOf(right, 'likely'));
  else alike(left, right);
  return right;
}

/** Tests as filters, such as `select`, know them. */
export function followTest(value: Known, { name, args }: Pick<TestStep, 'name' | 'args'>, scope: UseScope): void {
  const [given = OTHER] = args.positional.map((one) => follow(one, scope));
  if (/^(?:odd|even|divisibleby)$/.test(name)) mark(value, 'number');
  else if (/^(?:lower|upper)$/.test(name)) mark(value, 'string');
  else if (name === 'in') alike(value, itemOf(given, 'likely'));
  else if (/^(?:eq|equalto|==|ne|!=|lt|lessthan|<|le|<=|gt|greaterthan|>|ge|>=)$/.test(name)) alike(value, given);
}

const TEXT_METHODS =
  /^(?:upper|lower|title|capitalize|strip|lstrip|rstrip|split|replace|startswith|endswith|join|find|format)$/;

function followCall({ callee, args }: CallExpr, scope: UseScope): Known {
  const given = [...args.positional, ...args.named.map(({ value }) => value)].map((one) => follow(one, scope));
  if (callee.kind === 'name') {
    if (callee.name !== 'range') return OTHER;
    for (const one of given) mark(one, 'number');
    return listOf(NUMBER);
  }
  if (callee.kind !== 'attribute') return OTHER;
  const target = follow(callee.target, scope);
  if (callee.name === 'items') return listOf(listOf(either(TEXT, entryOf(target))));
  if (callee.name === 'values') return listOf(entryOf(target));
  if (callee.name === 'keys') {
    entryOf(target);
    return listOf(TEXT);
  }
  if (callee.name === 'get') {
    const key = given[0] === undefined ? undefined : typeOf(given[0])?.text;
    if (key === undefined) return entryOf(target);
    return either(member(target, key), given[1] ?? OTHER);
  }
  if (!TEXT_METHODS.test(callee.name)) return OTHER;
  mark(target, 'string');
  if (callee.name === 'split') return listOf(TEXT);
  return callee.name === 'find' ? NUMBER : /with$/.test(callee.name) ? FLAG : TEXT;
}

function followFilter(expr: FilterExpr, scope: UseScope): Known {
  const guards = /^(?:default|d)$/.test(expr.name);
  const input = expr.input === undefined ? TEXT : follow(expr.input, guards ? guardedScope(scope) : scope);
  return filterUse(input, expr, {
    follow: (one) => follow(one, scope),
    test: (value, name, args) => followTest(value, { name, args: { positional: args, named: [] } }, scope),
  });
}
