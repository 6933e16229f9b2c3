import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createHttpClient } from '../../src/core/http/index.ts';
import { createProcessRunner, type ProcessRunner } from '../../src/core/processes/index.ts';
import { type ToolCall, ToolRegistry, type ToolRegistryOptions } from '../../src/core/tools/index.ts';

/** A project with a registry, its tools opened with real processes and sockets. */
export interface RegistryLab {
  readonly project: string;
  readonly stateDir: string;
  readonly runner: ProcessRunner;
  /** What was told as secret. */
  readonly secrets: string[];
  /** Writes files below the project. */
  write(files: Readonly<Record<string, string>>): void;
  open(extra?: Partial<ToolRegistryOptions>): Promise<ToolRegistry>;
  dispose(): Promise<void>;
}

export const REGISTRY = '.aiworkflow/tools/registry.yaml';

export function openRegistryLab(): RegistryLab {
  const project = realpathSync(mkdtempSync(join(tmpdir(), 'aiw-registry-')));
  const stateDir = join(project, '.aiworkflow', 'state');
  // An engine was here before: a missing mark then proves that nothing began.
  mkdirSync(join(stateDir, 'helpers', 'out'), { recursive: true });
  const runner = createProcessRunner({ stateDir });
  const http = createHttpClient();
  const opened: ToolRegistry[] = [];
  const secrets: string[] = [];
  return {
    project,
    stateDir,
    runner,
    secrets,
    write: (files) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(project, path)), { recursive: true });
        writeFileSync(join(project, path), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
      }
    },
    open: async (extra = {}) => {
      const registry = await ToolRegistry.open({
        ...{ projectPath: project, registryFile: join(project, REGISTRY), stateDir, runner, http },
        ...{ hostEnv: { PATH: process.env.PATH, HOME: process.env.HOME }, timeoutMs: 30_000 },
        ...{ typePriority: ['mcp', 'openapi', 'custom'], onChange: () => undefined },
        onSecret: (value) => secrets.push(value),
        ports: {
          now: () => Date.now(),
          setTimer: (ms, callback) => {
            const timer = setTimeout(callback, ms);
            return () => clearTimeout(timer);
          },
        },
        ...extra,
      });
      opened.push(registry);
      return registry;
    },
    dispose: async () => {
      for (const registry of opened) await registry.close();
      await http.close();
      await runner.close();
      rmSync(project, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

let attempts = 0;

/** A call as the engine makes it. */
export function engineCall(lab: RegistryLab, operation: string, extra: Partial<ToolCall> = {}): ToolCall {
  attempts += 1;
  return {
    ...{ operation, inputs: {}, runId: 'run-1', stepId: 'step', path: 'step', attempt: attempts, stepNow: 0 },
    ...{ stepKey: `lab-${process.pid}-${attempts}-${'t'.repeat(20)}`, timeoutMs: 30_000, env: {} },
    ...{ workDir: lab.stateDir, runDir: lab.stateDir, signal: new AbortController().signal, log: () => undefined },
    ...extra,
  };
}
