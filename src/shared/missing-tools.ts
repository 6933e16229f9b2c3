import type { Diagnostic } from './model/diagnostic.ts';

/** What a workflow needs and this machine does not have. */
export interface MissingTool {
  readonly tool: string;
  readonly why: string;
}

/** Without what a valid workflow cannot run here yet (SPEC §1.10), each tool once, in order of the file. */
export function missingTools(diagnostics: readonly Diagnostic[]): readonly MissingTool[] {
  const names = new Set(diagnostics.flatMap(({ missing }) => (missing === undefined ? [] : [missing])));
  return [...names].map((tool) => ({ tool, why: `${tool} is not set up` }));
}

/** One sentence for lists and screens; null = it can run. */
export function cannotRunHere(diagnostics: readonly Diagnostic[]): string | null {
  const missing = missingTools(diagnostics);
  return missing.length === 0 ? null : `Cannot run here yet: ${missing.map(({ why }) => why).join(', ')}`;
}
