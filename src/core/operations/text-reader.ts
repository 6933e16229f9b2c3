import { basename } from 'node:path';
import type { Completions, OutlineStep } from '../../shared/contract/index.ts';
import type { Json } from '../../shared/json.ts';
import type { ScriptTool } from '../../shared/model/bundle.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import { type BundleOutline, readBundleOutline } from '../bundles/index.ts';
import { showPath } from '../projects/index.ts';
import {
  checkActions,
  completionsAt,
  namesAt,
  outlineOf,
  readWorkflow,
  sanitizeId,
  splitAction,
} from '../workflow/index.ts';
import { YamlMemory } from '../yaml/index.ts';
import type { Library } from './library.ts';
import { projectCatalog } from './project-catalog.ts';
import type { ProjectSession } from './project-session.ts';
import { catalogWith, readOptions } from './reader.ts';

interface Place {
  readonly path: string;
  readonly displayFile?: string;
}

/** Reads texts in the place of a workflow's, as somebody types them. */
export interface TextReader {
  /** What would be wrong with it, and its steps. Errors: `workflow.not_found`. */
  check(
    ref: string,
    text: string,
  ): Promise<{ readonly diagnostics: readonly Diagnostic[]; readonly outline: readonly OutlineStep[] }>;
  /** What may be written at a place of it. Errors: `workflow.not_found`. */
  /** Which names it may use at a line, 1-based. Errors: `workflow.not_found`. */
  names(ref: string, text: string, line: number): Promise<ReturnType<typeof namesAt>>;
  complete(ref: string, text: string, at: { readonly line: number; readonly column: number }): Promise<Completions>;
}

/** Where a workflow lies is looked for once, and again when nothing is there any more. */
export function textReader(session: ProjectSession, library: Library): TextReader {
  const { paths, env, agents } = session;
  const places = new Map<string, Place>();
  const memory = new YamlMemory();
  const locate = async (ref: string): Promise<Place> => {
    const { kind, path } = await library.resolve(ref);
    const place = { path, ...(kind === 'file' ? { displayFile: showPath(paths, path) } : {}) };
    places.set(ref, place);
    return place;
  };
  const readingOf = (path: string) => ({
    ...{ file: '', fallbackId: sanitizeId(basename(path)), agentNames: agents.names, memory },
  });
  const bundleOf = async (ref: string, text: string): Promise<BundleOutline> => {
    const options = { ...readOptions(await projectCatalog(session), env, agents.names), text, memory };
    const read = ({ path, ...shown }: Place) => readBundleOutline(path, { ...options, ...shown });
    const known = places.get(ref);
    const outline = known === undefined ? null : await read(known).catch(() => null);
    return outline ?? read(await locate(ref));
  };
  return {
    check: async (ref, text) => {
      const { diagnostics, reading } = await bundleOf(ref, text);
      return { diagnostics, outline: reading === null ? [] : outlineOf(reading.workflow, text) };
    },
    names: async (ref, text, line) => {
      const { tools, path } = await bundleOf(ref, text);
      return namesAt(text, line, { ...readingOf(path), schemaOf: (action) => schemaIn(tools, action) });
    },
    complete: async (ref, text, at) => {
      const { tools, config, path } = await bundleOf(ref, text);
      const project = await projectCatalog(session);
      const catalog = catalogWith(() => project)(tools, config.inheritGlobalTools);
      return completionsAt(text, at, (marked) =>
        checkActions(readWorkflow(marked, readingOf(path)).workflow, catalog, ''),
      );
    },
  };
}

/** The form of what a script of the bundle gives, where its manifest says it. */
function schemaIn(tools: readonly ScriptTool[], action: string): Json {
  const { tool, operation } = splitAction(action);
  const found = tools.find(({ name }) => name === tool)?.operations.find(({ name }) => name === operation);
  return found?.outputSchema ?? null;
}
