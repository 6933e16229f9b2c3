import type { Notes } from './draft-plan.ts';
import { mapPlaces, type PlaceMarks } from './places.ts';
import { isVariable } from './script-text.ts';

/** What `${{ … }}` may name in the script of a step. */
export interface ActionScope {
  /** Names of the inputs of the workflow. */
  readonly inputs: ReadonlySet<string>;
  /** Values of the first combination of a matrix. */
  readonly matrix: Readonly<Record<string, string>>;
  readonly notes: Notes;
  readonly line: number;
  /** Nothing puts a variable of the shell in its place: the text is a program in another language. */
  readonly isForeign?: boolean;
}

/** A text with its expressions as variables of the shell, and what has to be handed to the script for them. */
export interface ShellText {
  readonly text: string;
  /** Parameters of the step, by name: templates of ours. */
  readonly params: Readonly<Record<string, string>>;
}

/** An expression of GitHub. */
export const EXPRESSION_MARKS: PlaceMarks = { open: '${{', close: '}}' };

/**
 * Replaces the expressions of a script: inputs and secrets come as parameters, so what somebody types into a form is never read as a piece of
 * the script, which GitHub's own replacement does.
 */
export function shellExpressions(text: string, scope: ActionScope): ShellText {
  const params: Record<string, string> = {};
  const variableOf = (expression: string): string | null => {
    const input = /^(?:inputs|github\.event\.inputs)\.([\w-]+)$/.exec(expression)?.[1];
    if (input !== undefined && scope.inputs.has(input)) {
      const name = variableName(input);
      params[name] = `{{ inputs.${name} }}`;
      return `\${INPUT_${name.toUpperCase()}}`;
    }
    const secret = /^secrets\.(\w+)$/.exec(expression)?.[1];
    if (secret !== undefined) {
      params[secret] = `{{ secrets.${secret} }}`;
      scope.notes.changed(`secrets.${secret}`, 'store it and allow it to this workflow', scope.line);
      return `\${AIWORKFLOW_PARAM_${secret.toUpperCase()}}`;
    }
    const variable = /^env\.(\w+)$/.exec(expression)?.[1];
    return variable !== undefined && isVariable(variable) ? `\${${variable}}` : null;
  };
  const onPlace = (whole: string, expression: string): string => {
    const value = scope.matrix[/^matrix\.([\w-]+)$/.exec(expression)?.[1] ?? ''];
    if (value !== undefined) return value;
    const found = scope.isForeign === true ? null : variableOf(expression);
    if (found === null) scope.notes.lost(whole, 'the expression stands in the script as it is written', scope.line);
    return found ?? whole;
  };
  return { text: mapPlaces(text, EXPRESSION_MARKS, { onPlace }), params };
}

/** The name under which an input is known here. */
export const variableName = (input: string): string => input.replace(/[^\w]/g, '_');

/** The lines of a script that put its parameters into variables of the shell. */
export function parameterLines(params: Readonly<Record<string, string>>): readonly string[] {
  const inputs = Object.keys(params).filter((name) => params[name]?.startsWith('{{ inputs.') === true);
  if (inputs.length === 0) return [];
  return [
    'for argument in "$@"; do',
    '  case "$argument" in',
    ...inputs.map((name) => `    --${name}=*) INPUT_${name.toUpperCase()}="\${argument#--${name}=}" ;;`),
    ...inputs.map((name) => `    --${name}) INPUT_${name.toUpperCase()}=true ;;`),
    '  esac',
    'done',
  ];
}
