import type { JsonMap } from '../../../shared/json.ts';
import type { StepWarning } from '../../../shared/model/run.ts';
import { isLocalSource, type SearchHit, searchLocally, searchSources } from './local-search.ts';
import { fileNames, type PromptFile, readPromptFiles } from './read-files.ts';

/** What a prompt needs from the disk. */
export interface Gathered {
  readonly files: readonly PromptFile[];
  /** null = nothing was searched. */
  readonly found: readonly SearchHit[] | null;
  readonly warnings: readonly StepWarning[];
}

/** Reads `files` and, for `search`, looks through the local `sources` first (SPEC §4.1). `toolNames` are the granted tools. */
export async function gatherForPrompt(
  operation: string,
  inputs: JsonMap,
  where: { readonly roots: readonly string[]; readonly toolNames: readonly string[] },
): Promise<Gathered> {
  const files = await readPromptFiles(fileNames(inputs.files), where.roots);
  if (operation !== 'search') return { files, found: null, warnings: [] };
  const sources = searchSources(inputs.sources);
  const local = sources.filter(isLocalSource);
  const warnings = sources
    .filter((source) => !isLocalSource(source) && !where.toolNames.includes(source.type))
    .map(({ type }) => ({
      code: 'tool.not_found',
      message: `The source '${type}' was not searched: it needs a tool of that name.`,
    }));
  const found = local.length === 0 ? null : await searchLocally(queryOf(inputs), local, where.roots);
  return { files, found, warnings };
}

function queryOf(inputs: JsonMap): string {
  const { query, question, task, prompt } = inputs;
  return [query, question, task, prompt].find((one) => typeof one === 'string' && one.trim() !== '')?.toString() ?? '';
}
