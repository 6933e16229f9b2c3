import { basename } from 'node:path';
import type { Completions } from '../../shared/contract/index.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import { type BundleOutline, readBundleOutline } from '../bundles/index.ts';
import { showPath } from '../projects/index.ts';
import { checkActions, completionsAt, readWorkflow, sanitizeId } from '../workflow/index.ts';
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
  /** What would be wrong with it. Errors: `workflow.not_found`. */
  check(ref: string, text: string): Promise<readonly Diagnostic[]>;
  /** What may be written at a place of it. Errors: `workflow.not_found`. */
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
  const outlineOf = async (ref: string, text: string): Promise<BundleOutline> => {
    const options = { ...readOptions(await projectCatalog(session), env, agents.names), text, memory };
    const read = ({ path, ...shown }: Place) => readBundleOutline(path, { ...options, ...shown });
    const known = places.get(ref);
    const outline = known === undefined ? null : await read(known).catch(() => null);
    return outline ?? read(await locate(ref));
  };
  return {
    check: async (ref, text) => (await outlineOf(ref, text)).diagnostics,
    complete: async (ref, text, at) => {
      const { tools, config, path } = await outlineOf(ref, text);
      const project = await projectCatalog(session);
      const catalog = catalogWith(() => project)(tools, config.inheritGlobalTools);
      const reading = { file: '', fallbackId: sanitizeId(basename(path)), agentNames: agents.names, memory };
      return completionsAt(text, at, (marked) => checkActions(readWorkflow(marked, reading).workflow, catalog, ''));
    },
  };
}
