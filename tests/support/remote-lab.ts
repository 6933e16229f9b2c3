import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { projectPaths } from '../../src/core/projects/index.ts';
import type { ShownMessage } from '../../src/shared/model/queue.ts';
import { type CliProcess, startCli } from './cli-process.ts';
import { GatedProject, workStep } from './gated-project.ts';
import { LocalProject } from './local-project.ts';
import { type RedisServer, startRedis } from './redis-server.ts';
import { waitUntil } from './wait-until.ts';

const BUNDLE = '.aiworkflow/bundles/work';

/**
 * A control center that takes no messages itself, in the process of the test, and a worker in another project folder, which is a process of its
 * own and knows nothing but the address of the Redis that both reach. Steps of `work` wait for gates.
 */
export class RemoteLab {
  readonly server: RedisServer;
  readonly home: LocalProject;
  readonly worker = new GatedProject();
  #process: CliProcess | null = null;

  private constructor(server: RedisServer, home: LocalProject) {
    this.server = server;
    this.home = home;
  }

  /** `tools` are files of the bundle beside its `work`; `steps` its steps. The worker has the same bundle, so it is trusted there. */
  static async open(
    steps: readonly (readonly string[])[] = [workStep('one'), workStep('two'), workStep('three')],
    tools: Readonly<Record<string, string>> = {},
  ): Promise<RemoteLab> {
    const server = await startRedis();
    const home = new LocalProject([`queue: {type: redis, redis_url: "${server.url}", concurrency: 0}`], {
      isHost: true,
    });
    const lab = new RemoteLab(server, home);
    lab.worker.addBundle('work', { name: 'Work', steps, tools });
    cpSync(lab.worker.bundleDir('work'), join(home.path, BUNDLE), { recursive: true });
    writeFileSync(join(lab.worker.path, 'aiworkflow.yaml'), 'version: "1.0"\nqueue: {visibility_timeout: 2s}\n');
    await home.center();
    return lab;
  }

  /** Starts the worker, or starts it again. */
  async startWorker(): Promise<CliProcess> {
    const args = ['queue', 'worker', '--type', 'redis', '--redis-url', this.server.url, '--concurrency', '2'];
    this.#process = startCli(this.worker, ...args);
    await this.#process.untilSays('are run until');
    return this.#process;
  }

  /** Its computer loses power. */
  async killWorker(): Promise<void> {
    this.#process?.child.kill('SIGKILL');
    await this.#process?.exited;
    this.worker.killHelpers();
  }

  /** Sends a message and gives it with the id of its run, which is the same at both. */
  async send(): Promise<{ readonly messageId: string; readonly runId: string }> {
    const { message } = await this.home.call('queue.publish', { workflow: 'work' });
    let runId = '';
    await waitUntil('the control center to hear of the run', async () => {
      const { runs } = await this.home.call('runs.list', { limit: 1 });
      runId = runs[0]?.runId ?? '';
      return runId !== '';
    });
    return { messageId: message.id, runId };
  }

  async statusAtHome(runId: string): Promise<string> {
    return (await this.home.call('runs.get', { runId })).run.status;
  }

  async untilAtHome(runId: string, status: string): Promise<void> {
    await waitUntil(`the run to be ${status} at home`, async () => (await this.statusAtHome(runId)) === status);
  }

  async message(id: string): Promise<ShownMessage | undefined> {
    return (await this.home.call('queue.messages', {})).find((one) => one.id === id);
  }

  /** What the worker has committed of a run. */
  workerJournal(runId: string): readonly string[] {
    const db = new Database(projectPaths(this.worker.path).storeFile, { readonly: true });
    try {
      const sql = 'SELECT data FROM journal WHERE stream = (SELECT run_no FROM runs WHERE run_id = ?)';
      return db.prepare(sql).pluck().all(runId) as string[];
    } finally {
      db.close();
    }
  }

  /** Every byte that was ever written to the server. */
  async bytes(): Promise<string> {
    const [, dir = ''] = (await this.server.client.config('GET', 'dir')) as string[];
    const folder = join(dir, 'appendonlydir');
    const files = existsSync(folder) ? readdirSync(folder) : [];
    return files.map((file) => readFileSync(join(folder, file), 'latin1')).join('');
  }

  async close(): Promise<void> {
    this.#process?.child.kill('SIGKILL');
    await this.home.close();
    this.worker.remove();
    await this.server.close();
  }
}
