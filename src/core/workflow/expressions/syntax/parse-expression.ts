import { syntaxFailure } from '../runtime/failures.ts';
import type { ChainExpr, CompareOperator, CompareStep, Expr, NameExpr } from './ast.ts';
import { readTokens, type Token } from './lexer.ts';
import { parseArguments, parseOperand, parseTestArguments } from './parse-operand.ts';
import {
  describeNext,
  expectEnd,
  isOperator,
  isWord,
  lastEnd,
  nested,
  type ParseState,
  peek,
  take,
  takeOperator,
  takeWord,
} from './parse-state.ts';

/*
 * The levels from loosest to tightest (SPEC 2.3); the grammar is in GRAMMAR.md.
 * Every level that repeats is a flat list, so that only true nesting costs depth.
 */

/** The state of a parser at the first of these words. */
export function startParse(tokens: readonly Token[], condition = false): ParseState {
  return { tokens, position: 0, depth: 0, condition, bare: condition, parse: parseExpression };
}

/** Parses `expr`, or `a, b` as a list. */
export function parseTuple(state: ParseState): Expr {
  const first = parseExpression(state);
  if (!isOperator(state, ',')) return first;
  const items = [first];
  while (takeOperator(state, ',')) {
    if (peek(state).type === 'end') break;
    items.push(parseExpression(state));
  }
  return { kind: 'list', items, start: first.start, end: lastEnd(state) };
}

/** Parses one expression, ternary included. */
export function parseExpression(state: ParseState): Expr {
  return nested(state, () => {
    const yes = parseOr(state);
    if (!takeWord(state, 'if')) return yes;
    const test = parseOr(state);
    const no = takeWord(state, 'else') ? parseExpression(state) : undefined;
    return { kind: 'ternary', test, yes, no, start: yes.start, end: lastEnd(state) };
  });
}

/** Parses an expression that does not swallow a following `if` (the source of a `for`). */
export function parseOr(state: ParseState): Expr {
  return parseLogic(state, 'or', '||', (inner) => parseLogic(inner, 'and', '&&', parseNot));
}

function parseLogic(
  state: ParseState,
  operator: 'and' | 'or',
  symbol: string,
  parse: (state: ParseState) => Expr,
): Expr {
  const first = parse(state);
  const operands = [first];
  while (takeWord(state, operator) || (state.condition && takeOperator(state, symbol))) operands.push(parse(state));
  if (operands.length === 1) return first;
  return { kind: 'logic', operator, operands, start: first.start, end: lastEnd(state) };
}

function parseNot(state: ParseState): Expr {
  const start = peek(state).start;
  if (!takeWord(state, 'not')) return parseComparison(state);
  const operand = nested(state, () => parseNot(state));
  return { kind: 'unary', operator: 'not', operand, start, end: lastEnd(state) };
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

function takeComparison(state: ParseState): CompareOperator | 'is' | undefined {
  const token = peek(state);
  if (token.type === 'op' && COMPARISONS.has(token.text)) return take(state).text as CompareOperator;
  if (takeWord(state, 'is')) return 'is';
  if (takeWord(state, 'in')) return 'in';
  if (!isWord(state, 'not') || !isWord(state, 'in', 1)) return undefined;
  state.position += 2;
  return 'not in';
}

function parseComparison(state: ParseState): Expr {
  const first = parseSum(state);
  const rest: CompareStep[] = [];
  for (let operator = takeComparison(state); operator !== undefined; operator = takeComparison(state)) {
    if (operator === 'is') rest.push(parseTest(state));
    else rest.push({ operator, operand: asWords(state, operator, parseSum(state)) });
  }
  return rest.length === 0 ? first : { kind: 'compare', first, rest, start: first.start, end: lastEnd(state) };
}

function parseTest(state: ParseState): CompareStep {
  const operator = takeWord(state, 'not') ? 'is not' : 'is';
  const token = peek(state);
  if (token.type !== 'name' && !(token.type === 'op' && COMPARISONS.has(token.text))) {
    throw syntaxFailure(`Expected the name of a test but found ${describeNext(state)}.`, token.start, {
      hint: "Write a test such as 'is defined', or compare with '=='.",
    });
  }
  take(state);
  const args = isOperator(state, '(') ? parseArguments(state) : parseTestArguments(state);
  return {
    operator,
    name: token.text.replace(/^(None|True|False)$/, (word) => word.toLowerCase()),
    nameStart: token.start,
    args,
  };
}

/** In a bare condition, an undotted name right of a comparison or in an `in` list may stand for itself (SPEC 2.1). */
function asWords(state: ParseState, operator: CompareOperator, operand: Expr): Expr {
  if (!state.bare) return operand;
  const asWord = (expr: Expr): Expr =>
    expr.kind === 'name' && expr.dialect === 'double' ? ({ ...expr, word: true } satisfies NameExpr) : expr;
  if (operator !== 'in' && operator !== 'not in') return asWord(operand);
  return operand.kind === 'list' ? { ...operand, items: operand.items.map(asWord) } : operand;
}

type ChainOperator = ChainExpr['rest'][number]['operator'];

function parseChain(state: ParseState, operators: readonly ChainOperator[], parse: (state: ParseState) => Expr): Expr {
  const first = parse(state);
  const rest: { operator: ChainOperator; operand: Expr }[] = [];
  for (;;) {
    const operator = operators.find((candidate) => isOperator(state, candidate));
    if (operator === undefined || (operator === '-' && state.condition && isOperator(state, '}', 1))) break;
    take(state);
    rest.push({ operator, operand: parse(state) });
  }
  return rest.length === 0 ? first : { kind: 'chain', first, rest, start: first.start, end: lastEnd(state) };
}

const parseSum = (state: ParseState): Expr => parseChain(state, ['+', '-'], parseConcatenation);
const parseConcatenation = (state: ParseState): Expr => parseChain(state, ['~'], parseProduct);
const parseProduct = (state: ParseState): Expr => parseChain(state, ['*', '/', '//', '%'], parsePower);
const parsePower = (state: ParseState): Expr => parseChain(state, ['**'], parseUnary);

function parseUnary(state: ParseState): Expr {
  const token = peek(state);
  const isSign = token.type === 'op' && (token.text === '-' || token.text === '+');
  const isNegation = token.type === 'op' && token.text === '!' && state.condition;
  if ((!isSign && !isNegation) || (isSign && peek(state, 1).type === 'number')) return parseOperand(state);
  take(state);
  const operand = nested(state, () => parseUnary(state));
  const operator = token.text === '!' ? 'not' : token.text === '-' ? '-' : '+';
  return { kind: 'unary', operator, operand, start: token.start, end: lastEnd(state) };
}

/** Parses a whole condition text (SPEC 2.1). Throws `template.syntax`. */
export function parseCondition(source: string): Expr {
  if (source.trim() === '')
    throw syntaxFailure('The condition is empty.', 0, { hint: "Write one such as 'count > 0', or leave it out." });
  const state = startParse(readTokens(source, 0, 'end').tokens, true);
  const expr = parseExpression(state);
  expectEnd(state);
  return expr;
}
