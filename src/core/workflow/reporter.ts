import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { Place } from '../../shared/model/workflow.ts';
import { type PatternBudget, patternBudget } from '../../shared/safe-pattern.ts';
import {
  type FieldReporter,
  type MapNode,
  wrongForm,
  Fields as YamlFields,
  type YamlNode,
  type YamlSource,
} from '../yaml/index.ts';
import { READER_LIMITS } from './limits.ts';

const MAX_MESSAGE = 500;

/** Messages may quote what a person wrote, and that can be a megabyte. */
function shorten(message: string): string {
  return message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE)}…`;
}

/** Where the problems of one file are gathered. */
export interface DiagnosticSink {
  readonly file: string;
  /** For all patterns of the file together. */
  readonly patterns: PatternBudget;
  add(diagnostic: Omit<Diagnostic, 'file'>): void;
  /** Everything found, in file order; what has no line stands first. */
  sorted(): Diagnostic[];
}

/** A sink for one file. It keeps the first problems up to the limit and counts the rest. */
export function createSink(file: string): DiagnosticSink {
  const found: Diagnostic[] = [];
  let dropped = 0;
  return {
    file,
    patterns: patternBudget(),
    add(diagnostic) {
      if (found.length < READER_LIMITS.diagnostics)
        found.push({ ...diagnostic, message: shorten(diagnostic.message), file });
      else dropped += 1;
    },
    sorted() {
      const sorted = [...found].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
      if (dropped > 0) {
        const message = `There are ${dropped} more problems in this file. They are shown when these are mended.`;
        sorted.push({ severity: 'notice', code: 'workflow.more_problems', message, file });
      }
      return sorted;
    },
  };
}

/** Reports problems at offsets of one YAML text, for one step or for the file. */
export interface Reporter extends FieldReporter {
  readonly source: YamlSource;
  readonly step: string | undefined;
  /** Of the file: its patterns are run on it. */
  readonly patterns: PatternBudget;
  /** A problem with all that a diagnostic can say. */
  add(problem: Omit<Diagnostic, 'file' | 'line' | 'column' | 'step'>, at: number | Place): void;
  report(severity: Diagnostic['severity'], code: string, message: string, at: number | Place, fix?: string): void;
  error(code: string, message: string, at: number | Place, fix?: string): void;
  warning(code: string, message: string, at: number | Place, fix?: string): void;
  notice(code: string, message: string, at: number | Place, fix?: string): void;
  /** A value of the wrong form, in the words of the reader of keys; `name` as messages name it. */
  wrong(node: YamlNode, name: string, wanted: string, fix?: string): void;
  forStep(step: string): Reporter;
}

/** A reporter that writes into `sink`. */
export function createReporter(sink: DiagnosticSink, source: YamlSource, step?: string): Reporter {
  const add: Reporter['add'] = (problem, at) => {
    const { line, column } = typeof at === 'number' ? source.place(at) : at;
    const { severity, code, message, ...rest } = problem;
    sink.add({ severity, code, message, line, column, ...(step === undefined ? {} : { step }), ...rest });
  };
  const report: Reporter['report'] = (severity, code, message, at, fix) =>
    add({ severity, code, message, ...(fix === undefined ? {} : { fix }) }, at);
  return {
    source,
    step,
    patterns: sink.patterns,
    add,
    report,
    field: ({ severity, kind, message, at, fix }) => report(severity, `workflow.${kind}`, message, at.at, fix),
    error: (code, message, at, fix) => report('error', code, message, at, fix),
    warning: (code, message, at, fix) => report('warning', code, message, at, fix),
    notice: (code, message, at, fix) => report('notice', code, message, at, fix),
    wrong: (node, name, wanted, fix) =>
      report('error', 'workflow.wrong_type', wrongForm(node, name, wanted), node.at, fix),
    forStep: (id) => createReporter(sink, source, id),
  };
}

/** Fields over a map of a workflow file. */
export type Fields = YamlFields<Reporter>;
/** Reads the keys of a map of a workflow. */
export const fieldsOf = (node: MapNode, report: Reporter): Fields => new YamlFields(node, report);
