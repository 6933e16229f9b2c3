import { syntaxFailure } from '../runtime/failures.ts';
import type { Expr, ForNode, SetTarget } from './ast.ts';
import { parseExpression, parseOr } from './parse-expression.ts';
import {
  describeNext,
  expectName,
  expectOperator,
  isOperator,
  type ParseState,
  peek,
  takeOperator,
  takeWord,
} from './parse-state.ts';
import { isReservedName } from './reserved-names.ts';

function bindingName(state: ParseState): string {
  const token = expectName(state, 'a name');
  if (isReservedName(token.text) || token.text === '__proto__') {
    throw syntaxFailure(`'${token.text}' cannot be the name of a variable.`, token.start, {
      hint: 'Choose another name.',
    });
  }
  return token.text;
}

/** `a`, `a, b` or `(a, b)` */
function bindingNames(state: ParseState): string[] {
  const isGrouped = takeOperator(state, '(');
  const names = [bindingName(state)];
  while (takeOperator(state, ',')) names.push(bindingName(state));
  if (isGrouped) expectOperator(state, ')');
  return names;
}

/** `x in xs`, `k, v in m.items()`, `x in xs if cond` */
export function parseForHead(state: ParseState): Pick<ForNode, 'names' | 'source' | 'condition'> {
  const names = bindingNames(state);
  if (!takeWord(state, 'in'))
    throw syntaxFailure(`Expected 'in' but found ${describeNext(state)}.`, peek(state).start, {
      hint: "Write 'for item in items'.",
    });
  const source = parseSource(state);
  const condition = takeWord(state, 'if') ? parseExpression(state) : undefined;
  if (takeWord(state, 'recursive'))
    throw syntaxFailure("'recursive' loops do not exist here.", peek(state).start, { hint: 'Remove the word.' });
  return { names, source, condition };
}

function parseSource(state: ParseState): Expr {
  const first = parseOr(state);
  if (!isOperator(state, ',')) return first;
  const items = [first];
  while (takeOperator(state, ',')) items.push(parseOr(state));
  return { kind: 'list', items, start: first.start, end: items.at(-1)?.end ?? first.end };
}

/** `a`, `a, b` or `ns.a` */
export function parseSetHead(state: ParseState): SetTarget {
  const { start } = peek(state);
  const names = bindingNames(state);
  const [name] = names;
  if (names.length > 1 || name === undefined || !takeOperator(state, '.')) return { kind: 'names', names };
  return { kind: 'attribute', name, attribute: expectName(state, "a name after '.'").text, start };
}

/** `a = 1, b = 2`, or nothing */
export function parseWithHead(state: ParseState): readonly { readonly name: string; readonly value: Expr }[] {
  const bindings: { name: string; value: Expr }[] = [];
  while (peek(state).type !== 'end') {
    const name = bindingName(state);
    expectOperator(state, '=');
    bindings.push({ name, value: parseExpression(state) });
    if (!takeOperator(state, ',')) break;
  }
  return bindings;
}
