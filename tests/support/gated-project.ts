import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPaths } from '../../src/core/projects/index.ts';
import { connectToHolder, findAppFolders, type HolderClient } from '../../src/server/index.ts';
import { killHelpers } from './kill-helpers.ts';
import { ownProject } from './own-project.ts';
import { waitUntil } from './wait-until.ts';

/** Leaves a trace at its begin and end, and stays in between until the gate of its step is open (or the project is gone). */
const WORK = `#!/usr/bin/env bash
echo "$AIWORKFLOW_RUN_ID $AIWORKFLOW_STEP_ID start" >> "$TRACE_FILE"
echo "$AIWORKFLOW_STEP_ID is at work" >&2
while [ ! -e "$GATES/$AIWORKFLOW_STEP_ID" ]; do [ -d "$GATES" ] || exit 9; sleep 0.1; done
echo "$AIWORKFLOW_RUN_ID $AIWORKFLOW_STEP_ID end" >> "$TRACE_FILE"
echo "{\\"from\\": \\"$AIWORKFLOW_STEP_ID\\"}"
`;

export interface BundleText {
  readonly name: string;
  readonly description?: string;
  /** YAML lines of the frontmatter below `workflow:`. */
  readonly frontmatter?: readonly string[];
  /** YAML lines of each step. */
  readonly steps: readonly (readonly string[])[];
  /** File below `tools/` -> text; each becomes executable. */
  readonly tools?: Readonly<Record<string, string>>;
}

/** A workflow's text: step n is called "Part n". */
export function bundleText(id: string, { name, description = '', frontmatter = [], steps }: BundleText): string {
  const blocks = steps.map(
    (lines, at) => `## Step ${at + 1}: Part ${at + 1}\n\n\`\`\`yaml\n${lines.join('\n')}\n\`\`\`\n`,
  );
  return [
    '---',
    `workflow: {id: ${id}, name: ${JSON.stringify(name)}, description: ${JSON.stringify(description)}}`,
    ...frontmatter,
    '---',
    '',
    ...blocks,
  ].join('\n');
}

/** A step by its number among the top steps, or by its id. */
type StepName = number | string;
const stepId = (step: StepName): string => (typeof step === 'number' ? `step_${step}` : step);

/** One gated script step. */
export const workStep = (variable: string): readonly string[] => ['action: work.run', `output_variable: ${variable}`];

/**
 * A project on disk whose script steps wait for gates, so that a test decides when which step ends: no step is ever "slow". Its
 * user folder lives beside it, so that a door opened twice is the same person's.
 */
export class GatedProject {
  readonly root: string;
  readonly path: string;
  readonly home: string;
  readonly #gates: string;
  readonly #traceFile: string;

  /** `isFromElsewhere`: nobody made its folder here. `name` is that of its folder, and so of the project. */
  constructor(parent: string = tmpdir(), { isFromElsewhere = false, name = 'office' } = {}) {
    this.root = mkdtempSync(join(parent, 'aiw-gated-'));
    this.path = join(this.root, name);
    this.home = join(this.root, 'home');
    this.#gates = join(this.root, 'gates');
    this.#traceFile = join(this.root, 'traces.txt');
    for (const folder of [this.home, this.#gates, join(this.path, '.aiworkflow', 'workflows')])
      mkdirSync(folder, { recursive: true });
    writeFileSync(join(this.path, 'aiworkflow.yaml'), 'version: "1.0"\n');
    if (!isFromElsewhere) ownProject(this.path, join(this.home, 'user-data'));
  }

  get stateDir(): string {
    return projectPaths(this.path).stateDir;
  }

  bundleDir(id: string): string {
    return join(this.path, '.aiworkflow', 'bundles', id);
  }

  /** Writes a bundle that has, beside its own tools, the tool `work`. Written again it is another version. */
  addBundle(id: string, bundle: BundleText): void {
    const folder = this.bundleDir(id);
    mkdirSync(join(folder, 'tools'), { recursive: true });
    const env = { TRACE_FILE: this.#traceFile, GATES: this.#gates };
    const lines = Object.entries(env).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`);
    writeFileSync(join(folder, 'config.yaml'), `name: ${id}\nenv:\n${lines.join('\n')}\n`);
    writeFileSync(join(folder, 'workflow.md'), bundleText(id, bundle));
    for (const [file, text] of Object.entries({ 'work.sh': WORK, ...bundle.tools })) {
      writeFileSync(join(folder, 'tools', file), text);
      chmodSync(join(folder, 'tools', file), 0o755);
    }
  }

  /** Lets steps of these numbers end, now and whenever they run. */
  openGates(...steps: readonly StepName[]): void {
    for (const step of steps) writeFileSync(join(this.#gates, stepId(step)), '');
  }

  /** Holds steps of these numbers again that begin from now on. */
  closeGates(...steps: readonly StepName[]): void {
    for (const step of steps) rmSync(join(this.#gates, stepId(step)), { force: true });
  }

  /** `step_n start` and `step_n end` of a run, in the order in which they happened. */
  tracesOf(runId: string): readonly string[] {
    if (!existsSync(this.#traceFile)) return [];
    const lines = readFileSync(this.#traceFile, 'utf8').split('\n');
    return lines.filter((line) => line.startsWith(`${runId} `)).map((line) => line.slice(runId.length + 1));
  }

  /** Resolves when the script of this step has begun its work. */
  async untilAtWork(runId: string, step: StepName): Promise<void> {
    await waitUntil(`step ${step} of ${runId} is at work`, () =>
      this.tracesOf(runId).includes(`${stepId(step)} start`),
    );
  }

  /** A connection to whoever holds the project: what the product says, beside what a screen shows. With a `credential`, of its user. */
  async connect(credential?: string): Promise<HolderClient> {
    const client = await connectToHolder(this.stateDir, findAppFolders().version, credential);
    if (client === null) throw new Error('nobody holds the project');
    return client;
  }

  killHelpers(): number {
    return killHelpers(this.path);
  }

  remove(): void {
    rmSync(this.#gates, { recursive: true, force: true });
    this.killHelpers();
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

/** Begin and end of each step exactly once, in order. */
export const eachOnce = (steps: number): readonly string[] =>
  Array.from({ length: steps }, (_, at) => [`step_${at + 1} start`, `step_${at + 1} end`]).flat();
