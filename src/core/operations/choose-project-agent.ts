import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseFirstAgent, createAdapters, type FirstAgent } from '../agents/index.ts';
import { createHttpClient } from '../http/index.ts';
import { createProcessRunner } from '../processes/index.ts';
import type { ProjectPaths } from '../projects/index.ts';
import type { Clock } from '../time/index.ts';

/** Longest that a new project waits for an agent to say how it is. */
const TIMEOUT_MS = 10_000;

/**
 * Whom a new project goes to (SPEC §3.1): asks claude-code, opencode and ollama as far as they are installed. Works in a folder of
 * its own, for another process may hold the project. Never rejects for what an agent is.
 */
export async function chooseProjectAgent(
  paths: ProjectPaths,
  hostEnv: Readonly<Record<string, string | undefined>>,
  clock: Clock,
): Promise<FirstAgent> {
  const stateDir = await mkdtemp(join(tmpdir(), 'aiworkflow-agents-'));
  const runner = createProcessRunner({ stateDir, clock });
  const http = createHttpClient({ clock });
  const { profilesDir, project: projectPath } = paths;
  const adapters = await createAdapters({ configs: {}, profilesDir, projectPath, http, runner, hostEnv });
  try {
    return await chooseFirstAgent(adapters, { timeoutMs: TIMEOUT_MS, clock });
  } finally {
    await Promise.all(adapters.map((adapter) => adapter.close()));
    await runner.close();
    await http.close();
    await rm(stateDir, { recursive: true, force: true, maxRetries: 5 });
  }
}
