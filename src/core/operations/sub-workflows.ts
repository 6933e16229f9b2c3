import { dirname } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { WorkflowPin } from '../../shared/model/events.ts';
import type { Step } from '../../shared/model/workflow.ts';
import type { BundleReading } from '../bundles/index.ts';
import { resolveWorkflow, showPath } from '../projects/index.ts';
import { allSteps } from '../workflow/index.ts';
import { requireRunnable } from './check-start.ts';
import { projectCatalog } from './project-catalog.ts';
import type { ProjectSession } from './project-session.ts';
import { readOptions } from './reader.ts';
import type { PreparedStart } from './start-run.ts';

/** How deep workflows may call each other (SPEC §1.4). */
const MAX_DEPTH = 8;

/** A workflow that is to be pinned, without inputs of its own. */
export type SubWorkflow = Pick<PreparedStart, 'reading' | 'version'>;

/** Everything that a workflow and those that it calls name, and what is pinned for it. */
export interface SubWorkflows {
  readonly pins: readonly WorkflowPin[];
  readonly found: readonly SubWorkflow[];
}

type Call = Extract<Step, { readonly kind: 'workflow' }>;

/**
 * Finds every workflow that `workflow` steps name, as it is now: a run and its children stay with these versions. Errors, each with the
 * step and its line: `workflow.cycle`, `workflow.too_deep`, `workflow.not_found`, and whatever stands in the way of running one.
 */
export async function findSubWorkflows(session: ProjectSession, root: SubWorkflow): Promise<SubWorkflows> {
  const pins: WorkflowPin[] = [];
  const found = new Map<string, SubWorkflow>();
  const visit = async (caller: SubWorkflow, chain: readonly string[]): Promise<void> => {
    for (const step of callsOf(caller)) {
      const ref = step.detail.workflow;
      if (pins.some((pin) => pin.from === caller.version.hash && pin.ref === ref)) continue;
      const called = await read(session, caller.reading, step);
      const path = called.reading.workflowFile ?? called.reading.path;
      if (chain.includes(path))
        throw atStep(
          step,
          'workflow.cycle',
          `Workflows call each other: ${[...chain, path].map((one) => showPath(session.paths, one)).join(' -> ')}`,
        );
      if (chain.length >= MAX_DEPTH)
        throw atStep(step, 'workflow.too_deep', `Workflows call each other more than ${MAX_DEPTH} deep: '${ref}'`);
      const { hash, workflowPath, workflow } = called.version;
      pins.push({ from: caller.version.hash, ref, versionHash: hash, workflowPath, workflowId: workflow.id });
      found.set(hash, called);
      await visit(called, [...chain, path]);
    }
  };
  await visit(root, [root.reading.workflowFile ?? root.reading.path]);
  return { pins, found: [...found.values()] };
}

const callsOf = ({ version }: SubWorkflow): readonly Call[] =>
  allSteps(version.workflow).filter((step): step is Call => step.kind === 'workflow');

async function read(session: ProjectSession, caller: BundleReading, step: Call): Promise<SubWorkflow> {
  const { workflow: ref, version: wanted } = step.detail;
  try {
    const reading = await resolveWorkflow(ref, session.paths, {
      ...readOptions(await projectCatalog(session), session.env),
      index: session.index,
      cwd: dirname(caller.workflowFile ?? caller.path),
    });
    requireRunnable(reading);
    const version = session.host.toVersion(reading, showPath(session.paths, reading.path));
    if (wanted !== undefined && wanted !== version.workflow.version && !version.hash.startsWith(wanted))
      throw new AppError(
        'workflow.version_not_found',
        `'${ref}' is there in version ${version.workflow.version}, not in ${wanted}`,
      );
    return { reading, version };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw atStep(step, error.code, error.message, error.hint);
  }
}

const atStep = (
  { id, place }: Call,
  code: AppError['code'],
  message: string,
  hint = 'Look at the workflow that this step names.',
): AppError =>
  new AppError(code, `${message} (step '${id}', line ${place.line})`, { hint, details: { step: id, ...place } });
