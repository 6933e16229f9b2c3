import { syntaxFailure } from '../runtime/failures.ts';
import type { CallArguments, Expr, FilterExpr } from './ast.ts';
import type { Token } from './lexer.ts';
import {
  checkNesting,
  describeNext,
  expectName,
  expectOperator,
  isOperator,
  lastEnd,
  nested,
  ownWord,
  type ParseState,
  peek,
  take,
  takeOperator,
} from './parse-state.ts';
import { CONSTANTS, RESERVED } from './reserved-names.ts';

const NO_ARGS: CallArguments = { positional: [], named: [] };

/** One operand with its attributes, indexes, calls and filters. */
export function parseOperand(state: ParseState): Expr {
  return parseFilters(state, parsePostfix(state, parsePrimary(state)));
}

function parsePrimary(state: ParseState): Expr {
  const token = take(state);
  if (token.type === 'number') return numberLiteral(token, token.start, '');
  if (token.type === 'string') return parseText(state, token);
  if (token.type === 'name') return parseName(token);
  if (token.type === 'op') {
    if (token.text === '(') return parseGroup(state, token.start);
    if (token.text === '[') return parseItems(state, ']', token.start);
    if (token.text === '{') return parseBraces(state, token);
    if ((token.text === '-' || token.text === '+') && peek(state).type === 'number') {
      return numberLiteral(take(state), token.start, token.text);
    }
  }
  if (token.type !== 'end') state.position -= 1;
  throw syntaxFailure(`Expected a value but found ${describeNext(state)}.`, token.start, {
    hint: ownWord(token) ?? 'Write a name, a number or a text in quotes there.',
  });
}

function numberLiteral(token: Token, start: number, sign: string): Expr {
  const place = { kind: 'literal', start, end: token.end } as const;
  const isNegative = sign === '-';
  if (Number.isNaN(token.value)) return { ...place, value: (isNegative ? '-' : '') + token.text, isKeptNumber: true };
  return { ...place, value: isNegative ? -token.value : token.value };
}

function parseText(state: ParseState, first: Token): Expr {
  let value = first.text;
  while (peek(state).type === 'string') value += take(state).text;
  return { kind: 'literal', value, start: first.start, end: lastEnd(state) };
}

function parseName(token: Token): Expr {
  const place = { start: token.start, end: token.end };
  const constant = CONSTANTS.get(token.text);
  if (constant !== undefined) return { kind: 'literal', value: constant, ...place };
  if (RESERVED.has(token.text)) {
    const hint = "Write a value there. A condition in an output is 'a if b else c', a statement {% if b %}.";
    throw syntaxFailure(`'${token.text}' is not expected here.`, token.start, { hint });
  }
  return { kind: 'name', name: token.text, word: false, dialect: 'double', ...place };
}

function parseGroup(state: ParseState, start: number): Expr {
  if (takeOperator(state, ')')) return { kind: 'list', items: [], start, end: lastEnd(state) };
  const first = state.parse(state);
  if (takeOperator(state, ')')) return first;
  expectOperator(state, ',');
  const rest = parseItems(state, ')', start);
  return rest.kind === 'list' ? { ...rest, items: [first, ...rest.items] } : rest;
}

function parseItems(state: ParseState, closing: ')' | ']', start: number): Expr {
  const items: Expr[] = [];
  while (!isOperator(state, closing)) {
    items.push(state.parse(state));
    if (!takeOperator(state, ',')) break;
  }
  expectOperator(state, closing);
  return { kind: 'list', items, start, end: lastEnd(state) };
}

/** A map; in conditions also `{path}` and `{{ expr }}`, neither of which can be a map. */
function parseBraces(state: ParseState, open: Token): Expr {
  if (state.condition) {
    if (isOperator(state, '{') && peek(state).start === open.end) return parseDoubleBraces(state, open);
    const reference = parseReference(state, open);
    if (reference !== undefined) return reference;
  }
  const entries: { key: Expr; value: Expr }[] = [];
  while (!isOperator(state, '}')) {
    const key = state.parse(state);
    expectOperator(state, ':');
    entries.push({ key, value: state.parse(state) });
    if (!takeOperator(state, ',')) break;
  }
  expectOperator(state, '}');
  return { kind: 'map', entries, start: open.start, end: lastEnd(state) };
}

function parseDoubleBraces(state: ParseState, open: Token): Expr {
  take(state);
  if (isOperator(state, '-') && peek(state).start === open.end + 1) take(state);
  const wasBare = state.bare;
  state.bare = false;
  const inner = state.parse(state);
  state.bare = wasBare;
  takeOperator(state, '-');
  expectOperator(state, '}');
  expectOperator(state, '}');
  return inner;
}

/** `{path}` as a reference, or undefined when the brace opens something else. */
function parseReference(state: ParseState, open: Token): Expr | undefined {
  const from = state.position;
  const root = peek(state);
  if (root.type !== 'name') return undefined;
  take(state);
  let expr: Expr = { kind: 'name', name: root.text, word: false, dialect: 'single', start: open.start, end: root.end };
  for (let count = 1; takeOperator(state, '.'); count += 1) {
    const part = take(state);
    if (part.type !== 'name' && part.type !== 'number') break;
    checkNesting(state, count);
    expr = { kind: 'attribute', target: expr, name: part.text, start: open.start, end: part.end };
  }
  if (takeOperator(state, '}')) return { ...expr, end: lastEnd(state) };
  state.position = from;
  return undefined;
}

function parsePostfix(state: ParseState, primary: Expr): Expr {
  let expr = primary;
  for (let count = 1; ; count += 1) {
    const { start } = expr;
    if (takeOperator(state, '.')) {
      const token = peek(state);
      if (token.type !== 'name' && token.type !== 'number') {
        throw syntaxFailure(`Expected a name after '.' but found ${describeNext(state)}.`, token.start, {
          hint: 'Other keys are read with brackets: \'value["a key"]\'.',
        });
      }
      expr = { kind: 'attribute', target: expr, name: take(state).text, start, end: lastEnd(state) };
    } else if (takeOperator(state, '[')) expr = parseSubscript(state, expr);
    else if (isOperator(state, '('))
      expr = { kind: 'call', callee: expr, args: parseArguments(state), start, end: lastEnd(state) };
    else return expr;
    checkNesting(state, count);
  }
}

function parseSubscript(state: ParseState, target: Expr): Expr {
  const { start } = target;
  const part = (): Expr | undefined =>
    isOperator(state, ':') || isOperator(state, ']') ? undefined : state.parse(state);
  const from = part();
  if (!isOperator(state, ':')) {
    if (from === undefined)
      throw syntaxFailure("An index is missing between '[' and ']'.", peek(state).start, {
        hint: "Write '[0]', '[\"key\"]' or '[1:3]'.",
      });
    expectOperator(state, ']');
    return { kind: 'index', target, index: from, start, end: lastEnd(state) };
  }
  take(state);
  const to = part();
  const step = takeOperator(state, ':') ? part() : undefined;
  expectOperator(state, ']');
  return { kind: 'slice', target, from, to, step, start, end: lastEnd(state) };
}

/** `(a, b, name=c)` */
export function parseArguments(state: ParseState): CallArguments {
  expectOperator(state, '(');
  const positional: Expr[] = [];
  const named: { name: string; value: Expr; start: number }[] = [];
  while (!isOperator(state, ')')) {
    if (isOperator(state, '*') || isOperator(state, '**')) {
      throw syntaxFailure("Arguments cannot be unpacked with '*'.", peek(state).start, {
        hint: 'Write them one by one.',
      });
    }
    const first = peek(state);
    if (first.type === 'name' && isOperator(state, '=', 1)) {
      state.position += 2;
      named.push({ name: first.text, value: parseKeywordValue(state), start: first.start });
    } else if (named.length > 0)
      throw syntaxFailure('Arguments without a name come before those with one.', first.start, {
        hint: 'Move it to the front, or give it its name.',
      });
    else positional.push(state.parse(state));
    if (!takeOperator(state, ',')) break;
  }
  expectOperator(state, ')');
  return { positional, named };
}

/** In a bare condition `list.filter(key=word)` may name a word (routing rules, SPEC 2.1). */
function parseKeywordValue(state: ParseState): Expr {
  const value = state.parse(state);
  return state.bare && value.kind === 'name' && value.dialect === 'double' ? { ...value, word: true } : value;
}

/** The one argument a test may take without parentheses: `x is divisibleby 3`. */
export function parseTestArguments(state: ParseState): CallArguments {
  const token = peek(state);
  const startsValue =
    token.type === 'number' ||
    token.type === 'string' ||
    (token.type === 'name' && !RESERVED.has(state.bare ? token.text.toLowerCase() : token.text)) ||
    (token.type === 'op' && (token.text === '[' || token.text === '{'));
  if (!startsValue) return NO_ARGS;
  return { positional: [parsePostfix(state, parsePrimary(state))], named: [] };
}

function parseFilters(state: ParseState, input: Expr): Expr {
  let expr = input;
  for (let count = 1; takeOperator(state, '|'); count += 1) {
    checkNesting(state, count);
    expr = parseFilter(state, expr);
  }
  return expr;
}

function parseFilter(state: ParseState, input: Expr | undefined): FilterExpr {
  const name = expectName(state, 'the name of a filter');
  const args = isOperator(state, '(') ? nested(state, () => parseArguments(state)) : NO_ARGS;
  if (isOperator(state, '.') || isOperator(state, '[') || isOperator(state, '(')) {
    throw syntaxFailure(`${describeNext(state)} cannot follow a filter.`, peek(state).start, {
      hint: "Put the filter in parentheses: '(value | filter).field'.",
    });
  }
  return {
    kind: 'filter',
    input,
    name: name.text,
    nameStart: name.start,
    args,
    start: input?.start ?? name.start,
    end: lastEnd(state),
  };
}

/** `name(args) | name` of a `filter` or `set` block. */
export function parseFilterChain(state: ParseState): FilterExpr {
  let chain = parseFilter(state, undefined);
  while (takeOperator(state, '|')) chain = parseFilter(state, chain);
  return chain;
}
