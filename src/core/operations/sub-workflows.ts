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

/** A workflow that calls others; of where it stands only that counts. */
export interface CallingWorkflow {
  readonly version: SubWorkflow['version'];
  readonly reading: Pick<BundleReading, 'path' | 'workflowFile'>;
}

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
export async function findSubWorkflows(session: ProjectSession, root: CallingWorkflow): Promise<SubWorkflows> {
  const pins: WorkflowPin[] = [];
  const found = new Map<string, SubWorkflow>();
  /** Version -> how many workflows its calls go down. One that is missing is still being looked at. */
  const heights = new Map<string, number>();
  const visit = async (caller: CallingWorkflow, chain: readonly string[]): Promise<number> => {
    let height = 0;
    for (const step of callsOf(caller)) height = Math.max(height, 1 + (await follow(caller, step, chain)));
    heights.set(caller.version.hash, height);
    return height;
  };
  const follow = async (caller: CallingWorkflow, step: Call, chain: readonly string[]): Promise<number> => {
    const ref = step.detail.workflow;
    const known = pins.find((pin) => pin.from === caller.version.hash && pin.ref === ref);
    if (known !== undefined) {
      const height = heights.get(known.versionHash);
      if (height === undefined) throw cycle(step, [...chain, known.workflowPath]);
      if (chain.length + height >= MAX_DEPTH) throw tooDeep(step);
      return height;
    }
    const called = await read(session, caller.reading, step);
    const path = showPath(session.paths, called.reading.workflowFile ?? called.reading.path);
    if (chain.includes(path)) throw cycle(step, [...chain, path]);
    if (chain.length >= MAX_DEPTH) throw tooDeep(step);
    const { hash, workflowPath, workflow } = called.version;
    pins.push({ from: caller.version.hash, ref, versionHash: hash, workflowPath, workflowId: workflow.id });
    found.set(hash, called);
    return visit(called, [...chain, path]);
  };
  await visit(root, [showPath(session.paths, root.reading.workflowFile ?? root.reading.path)]);
  return { pins, found: [...found.values()] };
}

const cycle = (step: Call, chain: readonly string[]): AppError =>
  atStep(step, 'workflow.cycle', `Workflows call each other: ${chain.join(' -> ')}`);

const tooDeep = (step: Call): AppError =>
  atStep(step, 'workflow.too_deep', `Workflows call each other more than ${MAX_DEPTH} deep: '${step.detail.workflow}'`);

const callsOf = ({ version }: CallingWorkflow): readonly Call[] =>
  allSteps(version.workflow).filter((step): step is Call => step.kind === 'workflow');

async function read(session: ProjectSession, caller: CallingWorkflow['reading'], step: Call): Promise<SubWorkflow> {
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
