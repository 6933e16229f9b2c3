/**
 * Patterns that others wrote, run so that no text and no pattern can hold anything up. RE2 is linear in text times program, and both
 * come from outside: the product is bounded, and so is the sum of all patterns that are run in one go. Runs anywhere.
 */
import { RE2JS } from 're2js';

/** Steps that are left for all patterns of one piece of work. A step is one character against one instruction. */
export interface PatternBudget {
  left: number;
}

/** About half a second on a slow machine when every step costs what the worst ones do. */
const MOST_STEPS = 16_000_000;

/** What one piece of work (a file, the inputs of a run, an answer) may spend on patterns; a screen gives each key stroke less. */
export const patternBudget = (steps = MOST_STEPS): PatternBudget => ({ left: steps });

/** A regular expression that no text can make slow. */
export interface SafePattern {
  /** True when the pattern is found anywhere in the text; null = to find that out costs more steps than are left. */
  test(text: string, budget?: PatternBudget): boolean | null;
}

/** How to mend a pattern that costs too much. */
export const COSTLY_PATTERN_FIX = "Count less in the pattern ('{1,1000}'), or limit the length of the text.";

const MOST_KEPT = 200;
const MOST_CHARS = 1_000;
const MOST_INSTRUCTIONS = 10_000;
/** What making a pattern costs, in steps: each instruction, each character, each class of Unicode with its tables. */
const COST = { instruction: 200, character: 50, unicodeClass: 40_000 } as const;

type Compiled = { readonly pattern: SafePattern } | { readonly problem: string };
const kept = new Map<string, Compiled>();

/** A pattern of RE2 (SPEC §1.8): no look-around, no back references, at most 1,000 characters. Null = it is none, or too costly. */
export function compilePattern(source: string, budget = patternBudget()): SafePattern | null {
  const compiled = compile(source, budget);
  return 'pattern' in compiled ? compiled.pattern : null;
}

/** Why a pattern cannot be used, to follow its name in a sentence; null = it can. */
export function patternProblem(source: string, budget = patternBudget()): string | null {
  const compiled = compile(source, budget);
  return 'problem' in compiled ? compiled.problem : null;
}

function compile(source: string, budget: PatternBudget): Compiled {
  if (source.length > MOST_CHARS) return { problem: `is longer than ${MOST_CHARS} characters` };
  const size = mostInstructions(source);
  // Twice: the bound is a coarse one, and what comes out of it is counted again.
  if (size > 2 * MOST_INSTRUCTIONS) return TOO_LARGE;
  const classes = source.split(/\\[pP]/).length - 1;
  // Also for one that is known: what a file comes to does not depend on which files were read before.
  const cost = size * COST.instruction + source.length * COST.character + classes * COST.unicodeClass;
  if (!spend(budget, cost)) return { problem: 'is one of too many that are costly to read' };
  const known = kept.get(source);
  if (known !== undefined) return known;
  const compiled = compileAnew(source);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(source, compiled);
  return compiled;
}

const TOO_LARGE: Compiled = { problem: 'counts too much: written out it is longer than 10,000 parts' };
const NONE: Compiled = { problem: 'is not a pattern that can be used (RE2: no look-around, no back references)' };

function compileAnew(source: string): Compiled {
  const ready = readPattern(source);
  if (ready === null) return NONE;
  const size = ready.programSize();
  if (size > MOST_INSTRUCTIONS) return TOO_LARGE;
  const test = (text: string, budget = patternBudget()): boolean | null =>
    spend(budget, (text.length + 1) * size) ? ready.test(text) : null;
  return { pattern: { test } };
}

function readPattern(source: string): RE2JS | null {
  try {
    return RE2JS.compile(source);
  } catch {
    return null;
  }
}

function spend(budget: PatternBudget, steps: number): boolean {
  if (steps > budget.left) return false;
  budget.left -= steps;
  return true;
}

/** An escape, a class, a count or any other character. */
const TOKEN =
  /\\Q[\s\S]*?(?:\\E|$)|\\(?:[pPx]\{[^}]*\}|[\s\S])|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]?|\{(\d+)(?:,(\d*))?\}|[\s\S]/g;

/**
 * No fewer instructions than the program of a pattern has, from its text alone: what is counted is written out as often, and making
 * a program of a million only to see that it is too large takes seconds.
 */
function mostInstructions(source: string): number {
  const open = [0];
  let last = 0;
  const add = (size: number): void => {
    last = size;
    open.push((open.pop() ?? 0) + size);
  };
  for (const [token, least, most] of source.matchAll(TOKEN)) {
    if (token === '(') open.push(0);
    else if (token === ')') add((open.length > 1 ? (open.pop() ?? 0) : 0) + 2);
    else if (least !== undefined) add(last * 2 * Math.max(Number(least) + 1, Number(most ?? 0)));
    else add(token.startsWith('\\Q') ? token.length : 1);
  }
  return open.reduce((sum, size) => sum + size, 2);
}
