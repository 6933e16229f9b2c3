import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectPaths } from '../../src/core/projects/index.ts';
import type { RunResult } from '../../src/shared/model/run.ts';
import { EXAMPLES_DIR } from './paths.ts';
import { type CliWorld, openCliWorld } from './run-cli.ts';

/** A run of an example that has ended. */
export interface ExampleRun {
  readonly exitCode: number | null;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly result: RunResult;
  /** A file that the run has written. */
  file(name: string): string;
}

/** A project with an example in it, run through the real command line. */
export interface ExampleWorld {
  readonly cli: CliWorld;
  /** Where the example lies. */
  readonly folder: string;
  run(...args: readonly string[]): Promise<ExampleRun>;
  dispose(): void;
}

/** Makes a project with its own copy of an example and these lines of settings. */
export async function openExample(name: string, settings: readonly string[] = []): Promise<ExampleWorld> {
  const cli = await openCliWorld();
  if (settings.length > 0)
    writeFileSync(join(cli.project, 'aiworkflow.yaml'), ['version: "1.0"', ...settings].join('\n'));
  const folder = join(projectPaths(cli.project).bundlesDir, name);
  cpSync(join(EXAMPLES_DIR, name), folder, { recursive: true });
  return {
    cli,
    folder,
    dispose: () => cli.dispose(),
    run: async (...args) => {
      const ran = await cli.run('--json', 'run', name, ...args);
      const { run_id: runId } = ran.json<{ run_id?: string }>();
      if (runId === undefined) throw new Error(`the example did not start: ${ran.stdout}`);
      const result = (await cli.run('--json', 'runs', 'show', runId)).json<never>() as RunResult;
      return {
        exitCode: ran.exitCode,
        outputs: (result.final_output ?? {}) as ExampleRun['outputs'],
        result,
        file: (file) => readFileSync(join(projectPaths(cli.project).runsDir, runId, 'files', file), 'utf8'),
      };
    },
  };
}
