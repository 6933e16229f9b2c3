import { AppError } from '../../../../shared/errors.ts';
import { evaluateSafely } from '../runtime/evaluate-safely.ts';
import { limitFailure } from '../runtime/failures.ts';
import { DEFAULT_LIMITS } from '../runtime/limits.ts';
import { looksForeign, RAW_FIX } from '../syntax/foreign-braces.ts';
import { parseCondition } from '../syntax/parse-expression.ts';
import { type ParsedTemplate, parseTemplate } from '../syntax/parse-template.ts';
import { inspectExpression, inspectNodes } from './inspect.ts';
import type { Inspection, Reference } from './reference.ts';

/** An error in a text, found without evaluating it. */
export interface ExpressionProblem {
  readonly code: 'template.syntax' | 'template.unknown' | 'template.limit';
  readonly message: string;
  /** Characters from the start of the source. */
  readonly offset: number;
  /** A sentence that says how to mend it. */
  readonly fix?: string;
}

/** What a static look at a text found. */
export interface TextAnalysis {
  readonly problems: readonly ExpressionProblem[];
  readonly references: readonly Reference[];
  /** The text holds `{{ }}`, `{% %}` or `{# #}`. */
  readonly hasDouble: boolean;
  /** The text holds `{path}` outside of these. */
  readonly hasSingle: boolean;
}

function toProblem(error: AppError): ExpressionProblem {
  const { code } = error;
  const offset = error.details?.offset;
  const word = error.details?.fix;
  const fix = typeof word === 'string' ? `Did you mean '${word}'?` : error.hint;
  return {
    code: code === 'template.unknown' || code === 'template.limit' ? code : 'template.syntax',
    message: error.message,
    offset: typeof offset === 'number' ? offset : 0,
    ...(fix === undefined ? {} : { fix }),
  };
}

function summarise(found: Inspection, errors: readonly AppError[], hasTags: boolean): TextAnalysis {
  const problems = [...errors, ...found.problems].map(toProblem).sort((a, b) => a.offset - b.offset);
  const hasSingle = found.references.some((reference) => reference.dialect === 'single');
  return { problems, references: found.references, hasDouble: hasTags, hasSingle };
}

/**
 * A name in braces that look like another tool's gets the fix for these: `${{ github.sha }}`, `{{ end }}`; every name does where
 * other braces of the same text look so.
 */
function withRawFixes(parsed: ParsedTemplate, references: readonly Reference[], source: string): readonly Reference[] {
  const isForeign = parsed.problems.some((problem) => problem.hint === RAW_FIX);
  return references.map((reference) =>
    reference.dialect === 'double' && (isForeign || looksForeign(source, reference.offset))
      ? { ...reference, fix: RAW_FIX }
      : reference,
  );
}

function collect(run: () => TextAnalysis): TextAnalysis {
  try {
    return evaluateSafely(run);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return { problems: [toProblem(cause)], references: [], hasDouble: false, hasSingle: false };
  }
}

/**
 * Looks at a text without evaluating it: its problems, in order, and the names it reads (SPEC 1.10). Never throws for
 * content. In mode `template` every possible `{path}` is reported; the caller decides whether its root is a known name.
 */
export function analyzeText(source: string, mode: 'template' | 'condition'): TextAnalysis {
  return collect(() => {
    if (mode === 'template') {
      if (!source.includes('{')) return { problems: [], references: [], hasDouble: false, hasSingle: false };
      const parsed = parseTemplate(source);
      const found = inspectNodes(parsed.nodes);
      const references = withRawFixes(parsed, found.references, source);
      return summarise({ ...found, references }, parsed.problems, parsed.hasTags);
    }
    if (source.length > DEFAULT_LIMITS.sourceLength) throw limitFailure('A condition may hold 256 KiB at most.');
    return summarise(inspectExpression(parseCondition(source)), [], source.includes('{{'));
  });
}
