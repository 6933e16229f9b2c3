import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { Workflow } from '../../shared/model/workflow.ts';
import { readWorkflow } from './read-workflow.ts';

/** Reads a text as the file `w.md`. */
export function read(text: string): { readonly workflow: Workflow; readonly diagnostics: readonly Diagnostic[] } {
  return readWorkflow(text, { file: 'w.md' });
}

/** Every diagnostic as `line severity message`, with ` -> fix` where there is one. */
export function problems(text: string): readonly string[] {
  return read(text).diagnostics.map(show);
}

/** Only the errors, as `line message`. */
export function errors(text: string): readonly string[] {
  return read(text)
    .diagnostics.filter((one) => one.severity === 'error')
    .map((one) => `${one.line} ${one.message}`);
}

function show(one: Diagnostic): string {
  return `${one.line} ${one.severity} ${one.message}${one.fix === undefined ? '' : ` -> ${one.fix}`}`;
}

/** A workflow file of one step with this YAML; the YAML begins on line 3. */
export function step(yaml: string): string {
  return `## Step 1: A\n\`\`\`yaml\n${yaml}\n\`\`\`\n`;
}

/** Several step sections: `## Step 1`, `## Step 2` …, each with its YAML. */
export function steps(...yamls: readonly string[]): string {
  return yamls.map((yaml, index) => `## Step ${index + 1}: S${index + 1}\n\`\`\`yaml\n${yaml}\n\`\`\`\n`).join('\n');
}

/** A file with this frontmatter (it begins on line 2) and one valid step. */
export function frontmatter(yaml: string, body = step('action: a.b')): string {
  return `---\n${yaml}\n---\n${body}`;
}
