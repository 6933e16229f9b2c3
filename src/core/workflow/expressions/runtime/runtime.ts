import type { FilterTable, TestTable } from '../library/library.ts';
import { asSentence } from './failures.ts';
import { createMeter, DEFAULT_LIMITS, type Limits, type Meter } from './limits.ts';
import type { Scope } from './scope.ts';

/** Something the author should know although the evaluation went on. */
export interface EvaluationWarning {
  /** e.g. `template.undefined` */
  readonly code: string;
  readonly message: string;
}

/** What may be set for one evaluation. */
export interface EvaluationOptions {
  /** Epoch milliseconds for `now` and `timeago`. */
  readonly now: number;
  /** IANA zone of the run, `UTC` when absent. */
  readonly timeZone?: string | undefined;
  readonly limits?: Partial<Limits> | undefined;
}

/** The state of one evaluation. */
export interface Runtime extends Meter {
  readonly scope: Scope;
  /** True when a condition is evaluated: undefined makes an answer unknown and numeric text counts as a number. */
  readonly condition: boolean;
  readonly library: { readonly filters: FilterTable; readonly tests: TestTable };
  readonly nowMs: number;
  readonly timeZone: string;
  readonly warnings: EvaluationWarning[];
  /** Values of names that the template itself defines, by slot. */
  locals: unknown[];
  /** Offset of the tag that is being evaluated; errors name it. */
  place: number;
  /** The text written so far. */
  out: string;
  /** What values of the scope that were handed on cost, so that none is walked twice. */
  weights: WeakMap<object, number> | undefined;
}

/** One compiled expression. `undefined` is the undefined value. */
export type Evaluate = (rt: Runtime) => unknown;

/** One compiled statement; it appends to `rt.out`. */
export type Write = (rt: Runtime) => void;

const MAX_WARNINGS = 100;

/** What an evaluation needs beside its options. */
export interface RuntimeSetup {
  readonly scope: Scope;
  readonly condition: boolean;
  readonly library: Runtime['library'];
}

/** A fresh runtime. */
export function createRuntime(setup: RuntimeSetup, options: EvaluationOptions): Runtime {
  const limits = options.limits === undefined ? DEFAULT_LIMITS : { ...DEFAULT_LIMITS, ...options.limits };
  return {
    ...createMeter(limits),
    scope: setup.scope,
    condition: setup.condition,
    library: setup.library,
    nowMs: options.now,
    timeZone: options.timeZone ?? 'UTC',
    warnings: [],
    locals: [],
    place: 0,
    out: '',
    weights: undefined,
  };
}

/** Adds a warning once, as a sentence. */
export function warn(rt: Runtime, code: string, text: string): void {
  warnVerbatim(rt, code, asSentence(text));
}

/** Adds a warning once, letter for letter: it may begin with a path in data. */
export function warnVerbatim(rt: Runtime, code: string, message: string): void {
  const { warnings } = rt;
  if (warnings.length >= MAX_WARNINGS) return;
  if (warnings.some((known) => known.message === message && known.code === code)) return;
  warnings.push({ code, message });
}

/** The warning for a name or field that is not defined; `label` is the piece of the source. */
export function warnUndefined(rt: Runtime, label: string | undefined): void {
  if (label !== undefined) warn(rt, 'template.undefined', `'${label}' is not defined.`);
}
