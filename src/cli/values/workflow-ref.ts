import { statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { AppError } from '../../shared/errors.ts';

/** How a person named a workflow: the ref to ask for first, and where to look when the library does not know it. */
export interface WorkflowRef {
  readonly first: string;
  readonly otherwise: string | null;
}

/**
 * A path is named from the caller's folder, which another process would not know: it becomes absolute. A plain word is a name
 * of the library first (DESIGN decision 3) and a path only after that.
 */
export function workflowRef(text: string, cwd: string): WorkflowRef {
  const path = resolve(cwd, text);
  if (text === '' || !exists(path)) return { first: text, otherwise: null };
  const isPath = isAbsolute(text) || /[\\/]/.test(text) || text[0] === '.' || text.toLowerCase().endsWith('.md');
  return isPath ? { first: path, otherwise: null } : { first: text, otherwise: path };
}

/** Calls with the first meaning of a ref, and with the other one when nothing has that name. */
export async function withWorkflowRef<T>(text: string, cwd: string, call: (ref: string) => Promise<T>): Promise<T> {
  const ref = workflowRef(text, cwd);
  try {
    return await call(ref.first);
  } catch (error) {
    const isUnknown =
      error instanceof AppError && (error.code === 'workflow.not_found' || error.code === 'bundle.not_found');
    if (!isUnknown || ref.otherwise === null) throw error;
    return call(ref.otherwise);
  }
}

function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
