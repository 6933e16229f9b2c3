import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BUILT_CRASH_HOST } from './built-crash-host.ts';
import { killHelpers } from './kill-helpers.ts';

/** Five folders above a run's own one is the project: a copy of the project then has traces of its own. */
const TRACES = '$AIWORKFLOW_RUN_DIR/../../../../../traces.txt';
const SCRIPT = `#!/usr/bin/env bash
echo "$AIWORKFLOW_RUN_ID $AIWORKFLOW_STEP_ID start" >> "${TRACES}"
echo "$AIWORKFLOW_STEP_ID is at work" >&2
sleep 0.0$((RANDOM % 6))
echo "$AIWORKFLOW_RUN_ID $AIWORKFLOW_STEP_ID end" >> "${TRACES}"
echo '{"ok": true}'
`;

export interface RunEnd {
  readonly runId: string;
  readonly status: string;
  readonly outcome: string | null;
  readonly currentStep: string | null;
}

/** A project whose bundle has script steps that leave a trace for each begin and end: effects that must not happen twice. */
export class CrashProject {
  readonly root = mkdtempSync(join(tmpdir(), 'aiw-crash-'));
  readonly path = join(this.root, 'project');

  /** `steps`: so many scripts one after the other, or the steps themselves as YAML. */
  constructor(steps: number | string) {
    const bundle = join(this.path, '.aiworkflow', 'bundles', 'traces');
    mkdirSync(join(bundle, 'tools'), { recursive: true });
    writeFileSync(join(this.path, 'aiworkflow.yaml'), 'version: "1.0"\n');
    writeFileSync(join(bundle, 'config.yaml'), 'name: traces\n');
    writeFileSync(join(bundle, 'tools', 'trace.sh'), SCRIPT);
    chmodSync(join(bundle, 'tools', 'trace.sh'), 0o755);
    // The same by the key of the step, which tells the items of a loop apart.
    writeFileSync(join(bundle, 'tools', 'keyed.sh'), SCRIPT.replaceAll('$AIWORKFLOW_STEP_ID', '$AIWORKFLOW_STEP_KEY'));
    chmodSync(join(bundle, 'tools', 'keyed.sh'), 0o755);
    const blocks =
      typeof steps === 'string'
        ? [`## Step 1: All\n\n\`\`\`yaml\n${steps}\n\`\`\`\n`]
        : Array.from(
            { length: steps },
            (_, i) =>
              `## Step ${i + 1}: Trace ${i + 1}\n\n\`\`\`yaml\naction: trace.run\noutput_variable: v${i + 1}\n\`\`\`\n`,
          );
    writeFileSync(
      join(bundle, 'workflow.md'),
      `---\nworkflow: {id: traces, name: Traces}\n---\n\n${blocks.join('\n')}`,
    );
  }

  /** Starts a host. `ends` resolves with the runs' ends when the host got that far, with null when it died before. */
  launch(runs: number, env: Readonly<Record<string, string>> = {}, workflows = 'traces') {
    const child = spawn(process.execPath, [BUILT_CRASH_HOST, this.path, String(runs), workflows], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    const ready = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    let ends: readonly RunEnd[] | null = null;
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'ready') ready.resolve();
      if (line === 'started') started.resolve();
      if (line.startsWith('[')) ends = JSON.parse(line);
    });
    const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
    return {
      child: child as ChildProcess,
      /** The project is open and open runs are taken over. */
      ready: Promise.race([ready.promise, exited]),
      /** The wanted runs are started. */
      started: Promise.race([started.promise, exited]),
      ends: exited.then(() => ends),
      errors: () => errors,
    };
  }

  /** Kills the helper of every engine that ran here. */
  killHelpers(): void {
    killHelpers(this.path);
  }

  /** How often each step of each run began and ended: `run step` -> [begins, ends]. */
  traces(): ReadonlyMap<string, readonly [number, number]> {
    return readTraces(this.path);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** The traces of a project folder, which may be a copy: `run step` -> [begins, ends]. */
export function readTraces(projectPath: string): ReadonlyMap<string, readonly [number, number]> {
  const counts = new Map<string, [number, number]>();
  const file = join(projectPath, 'traces.txt');
  if (!existsSync(file)) return counts;
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const [run, step, what] = line.split(' ');
    const pair = counts.get(`${run} ${step}`) ?? [0, 0];
    pair[what === 'start' ? 0 : 1] += 1;
    counts.set(`${run} ${step}`, pair);
  }
  return counts;
}
