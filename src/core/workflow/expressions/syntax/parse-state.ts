import { limitFailure, syntaxFailure } from '../runtime/failures.ts';
import { DEFAULT_LIMITS } from '../runtime/limits.ts';
import type { Expr } from './ast.ts';
import type { Token } from './lexer.ts';

/** The place of the parser in the words of one tag or condition. */
export interface ParseState {
  readonly tokens: readonly Token[];
  position: number;
  depth: number;
  /** A condition: `{path}`, `{{ expr }}`, `&&`, `||`, `!` are understood. */
  readonly condition: boolean;
  /** Outside `{{ }}` of a condition: words of any case, unknown words as text. */
  bare: boolean;
  /** Parses a whole expression; kept here so that operands and expressions need not import each other. */
  readonly parse: (state: ParseState) => Expr;
}

const END: Token = { type: 'end', text: '', value: 0, start: 0, end: 0 };

/** The next token, or one further on, without taking it. */
export function peek(state: ParseState, ahead = 0): Token {
  return state.tokens[state.position + ahead] ?? state.tokens.at(-1) ?? END;
}

/** Takes the next token. */
export function take(state: ParseState): Token {
  const token = peek(state);
  if (token.type !== 'end') state.position += 1;
  return token;
}

/** End of the last word taken. */
export function lastEnd(state: ParseState): number {
  return state.tokens[state.position - 1]?.end ?? 0;
}

/** Whether the next token is this operator. */
export function isOperator(state: ParseState, text: string, ahead = 0): boolean {
  const token = peek(state, ahead);
  return token.type === 'op' && token.text === text;
}

/** Takes the operator if it comes next. */
export function takeOperator(state: ParseState, text: string): boolean {
  if (!isOperator(state, text)) return false;
  state.position += 1;
  return true;
}

/** Whether a keyword comes next; bare conditions write keywords in any case. */
export function isWord(state: ParseState, word: string, ahead = 0): boolean {
  const token = peek(state, ahead);
  if (token.type !== 'name') return false;
  return token.text === word || (state.bare && token.text.toLowerCase() === word);
}

/** Takes the next token if it is this word. */
export function takeWord(state: ParseState, word: string): boolean {
  if (!isWord(state, word)) return false;
  state.position += 1;
  return true;
}

/** The word for what comes next, for messages. */
export function describeNext(state: ParseState): string {
  const token = peek(state);
  if (token.type === 'end') return 'the end';
  return token.type === 'string' ? 'a text' : `'${token.text}'`;
}

/** Takes this operator; throws where something else stands. */
export function expectOperator(state: ParseState, text: string): Token {
  if (!isOperator(state, text)) {
    throw syntaxFailure(`Expected '${text}' but found ${describeNext(state)}.`, peek(state).start, {
      hint: ownWord(peek(state)) ?? `Write '${text}' there.`,
    });
  }
  return take(state);
}

/** Takes a name; throws where something else stands. */
export function expectName(state: ParseState, what: string): Token {
  if (peek(state).type !== 'name')
    throw syntaxFailure(`Expected ${what} but found ${describeNext(state)}.`, peek(state).start, {
      hint: `Write ${what} there.`,
    });
  return take(state);
}

/** Throws where more follows. */
export function expectEnd(state: ParseState): void {
  const token = peek(state);
  if (token.type === 'end') return;
  const hint = ownWord(token) ?? "Remove it, or write an operator such as '~' or ',' before it.";
  throw syntaxFailure(
    `${describeNext(state)} is not expected here.`.replace(/^./, (c) => c.toUpperCase()),
    token.start,
    { hint },
  );
}

const OWN_WORDS: ReadonlyMap<string, string> = new Map([
  ['=', "Compare with '=='."],
  ['&&', "Write 'and'."],
  ['||', "Write 'or'."],
  ['!', "Write 'not'."],
]);

/** How this language writes an operator of other languages. */
export function ownWord(token: Token): string | undefined {
  return token.type === 'op' ? OWN_WORDS.get(token.text) : undefined;
}

/** Runs one level deeper; over the cap of SPEC 2.3 it is `template.limit`. */
export function nested<T>(state: ParseState, parse: () => T): T {
  state.depth += 1;
  checkNesting(state, state.depth);
  const result = parse();
  state.depth -= 1;
  return result;
}

/** Refuses a nesting or chain that is deeper than the cap. */
export function checkNesting(state: ParseState, depth: number): void {
  if (depth > DEFAULT_LIMITS.depth) {
    throw limitFailure(`Expressions may be nested ${DEFAULT_LIMITS.depth} levels deep at most.`, peek(state).start);
  }
}
