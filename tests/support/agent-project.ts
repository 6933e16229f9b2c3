import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectPaths, userDataDir } from '../../src/core/projects/index.ts';
import { connectToHolder, findAppFolders, type HolderClient } from '../../src/server/index.ts';
import { bundleText } from './gated-project.ts';
import { killHelpers } from './kill-helpers.ts';
import { ownProject } from './own-project.ts';
import { productEntry } from './product-entry.ts';

interface Served {
  readonly child: ChildProcess;
  readonly client: HolderClient;
  readonly output: () => string;
}

/** A project on disk with agents and tools, served by the real command line in a process of its own, to be called and killed. */
export class AgentProject {
  readonly root = mkdtempSync(join(tmpdir(), 'aiw-agents-'));
  readonly path = join(this.root, 'office');
  readonly home = join(this.root, 'home');
  #served: Served | null = null;
  /** Everything that served processes have printed. */
  printed = '';

  constructor(config: readonly string[] = []) {
    for (const folder of [this.home, this.path]) mkdirSync(folder, { recursive: true });
    ownProject(this.path, userDataDir({ HOME: this.home }, process.platform));
    this.write('aiworkflow.yaml', ['version: "1.0"', ...config].join('\n'));
  }

  /** Writes a file of the project, folders included. */
  write(name: string, text: string): string {
    const file = join(this.path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  /** A workflow file of the library; step n is called "Part n". */
  addWorkflow(id: string, steps: readonly (readonly string[])[], frontmatter: readonly string[] = []): void {
    this.write(`.aiworkflow/workflows/${id}.md`, bundleText(id, { name: id, steps, frontmatter }));
  }

  /** Serves the project; resolves when it can be called. */
  async serve(env: Readonly<Record<string, string>> = {}): Promise<HolderClient> {
    const args = [productEntry('cli'), '--project', this.path, '--json', 'serve', '--port', '0'];
    const child = spawn(process.execPath, args, {
      cwd: this.root,
      env: {
        PATH: process.env.PATH ?? '',
        // What Node has compiled: most of what a host takes to start.
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        HOME: this.home,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const listening = Promise.withResolvers<void>();
    child.stderr.on('data', (chunk: Buffer) => {
      this.printed += chunk.toString();
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.printed += `${line}\n`;
      if (line.includes('"url"')) listening.resolve();
    });
    child.once('close', () => listening.reject(new Error(`serve ended: ${this.printed}`)));
    await listening.promise;
    const client = await connectToHolder(projectPaths(this.path).stateDir, findAppFolders().version);
    if (client === null) throw new Error('nobody holds the project');
    this.#served = { child, client, output: () => this.printed };
    return client;
  }

  /** Starts a workflow and waits until its run rests; gives the run's id. */
  async run(client: HolderClient, workflow: string, inputs: Record<string, string> = {}): Promise<string> {
    const { runId } = await client.call('runs.start', { workflow, inputs });
    await this.rested(client, runId);
    return runId;
  }

  /** Resolves when the run has ended or waits for a person. */
  async rested(client: HolderClient, runId: string): Promise<void> {
    const done = Promise.withResolvers<void>();
    const look = async (): Promise<void> => {
      const { status } = (await client.call('runs.get', { runId })).run;
      if (status !== 'running' && status !== 'pending') done.resolve();
    };
    const stop = client.subscribe(() => void look().catch(done.reject));
    await look();
    await done.promise.finally(stop);
  }

  /** `kill -9` of the engine; its helper lives on unless `alsoHelper`. */
  async kill(alsoHelper = false): Promise<void> {
    const { child, client } = this.#required();
    const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
    child.kill('SIGKILL');
    client.close();
    if (alsoHelper) killHelpers(this.path);
    await gone;
    this.#served = null;
  }

  /** Ends the engine as the system would: SIGTERM. */
  async stop(): Promise<void> {
    const { child, client } = this.#required();
    const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
    client.close();
    child.kill('SIGTERM');
    await gone;
    this.#served = null;
  }

  get pid(): number {
    return this.#required().child.pid ?? 0;
  }

  async remove(): Promise<void> {
    if (this.#served !== null) await this.kill();
    killHelpers(this.path);
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }

  #required(): Served {
    if (this.#served === null) throw new Error('the project is not served');
    return this.#served;
  }
}
