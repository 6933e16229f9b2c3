import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from '../../src/core/processes/index.ts';
import { AGENT_PATH, type LiveLab } from './live-lab.ts';

/** A real `opencode serve` of a lab, whose provider `local` is the lab's model server. */
export interface OpenCodeService {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startOpenCodeService(lab: LiveLab, password?: string): Promise<OpenCodeService> {
  const config = join(lab.home, 'served.json');
  const options = { baseURL: lab.model.openAiUrl, apiKey: lab.hostEnv.OPENAI_API_KEY };
  const local = { npm: '@ai-sdk/openai-compatible', name: 'local', options, models: { 'gpt-4o': {} } };
  await writeFile(config, JSON.stringify({ autoupdate: false, share: 'disabled', provider: { local } }));
  const command = (await findProgram('opencode', AGENT_PATH)) ?? 'opencode';
  const child = spawn(command, ['serve', '--port', '0'], {
    cwd: lab.workDir,
    env: {
      ...lab.hostEnv,
      ...{ OPENCODE_CONFIG: config, OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_AUTOUPDATE: '1' },
      ...(password === undefined ? {} : { OPENCODE_SERVER_PASSWORD: password }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { url: await addressOf(child), stop: () => stop(child) };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const found = /listening on (http:\/\/[\w.:]+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`opencode serve ended with ${code}: ${said}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}
