import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { WorkflowReading } from '../../shared/model/workflow.ts';
import type { BundleReading } from './bundle-reading.ts';
import { findWorkflowFile } from './workflow-file.ts';

/** The workflow of a reading. Error: `bundle.no_workflow` where the folder has none. */
export function workflowOf(reading: BundleReading): WorkflowReading {
  if (reading.reading !== null) return reading.reading;
  throw new AppError('bundle.no_workflow', `No workflow file found in bundle: ${reading.path}`, {
    hint: 'Add a workflow.md to the folder.',
  });
}

/**
 * The bundle folder around a workflow file that was named by itself (`csv-report/workflow.md`), when that file is the
 * folder's workflow and settings or tools stand beside it; else null, and the file is read alone.
 */
export async function findBundleAround(file: string): Promise<string | null> {
  const folder = dirname(file);
  const marks = ['config.yaml', 'tools.yaml', 'tools'].map((name) => stat(join(folder, name)).catch(() => null));
  // First what costs the same in every folder: a library may hold thousands of files.
  if ((await Promise.all(marks)).every((mark) => mark === null)) return null;
  return (await findWorkflowFile(folder)) === file ? folder : null;
}
