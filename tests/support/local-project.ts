import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type LocalControlCenter, openControlCenter } from '../../src/core/control-center.ts';
import { type Clock, systemClock } from '../../src/core/time/index.ts';
import { startMetricsListener } from '../../src/server/metrics-listener/metrics-listener.ts';
import type { InputOf, OperationName, OutputOf } from '../../src/shared/contract/index.ts';
import type { Actor } from '../../src/shared/model/run.ts';
import { bundleText } from './gated-project.ts';
import { ownProject } from './own-project.ts';
import { REPOSITORY_DIR } from './paths.ts';

const ME: Actor = { kind: 'user', id: 'tester', door: 'cli' };

interface LocalProjectOptions {
  readonly isHost?: boolean;
  readonly showsNotices?: boolean;
  /** Nobody made its folder here. */
  readonly isFromElsewhere?: boolean;
  readonly clock?: Clock;
}

/** A project on disk that is open in the process of the test: its real engine, agents and tools, without a door. */
export class LocalProject {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'aiw-local-')));
  readonly path = join(this.root, 'office');
  readonly #isHost: boolean;
  readonly #showsNotices: boolean;
  readonly #clock: Clock;
  readonly #secrets = new Map<string, string>();
  #center: LocalControlCenter | null = null;

  /** `isHost`: open runs are resumed and triggers act, as in the app; `showsNotices`: there is a desktop. */
  constructor(
    config: readonly string[] = [],
    { isHost = false, showsNotices = false, isFromElsewhere = false, clock = systemClock }: LocalProjectOptions = {},
  ) {
    this.#clock = clock;
    this.#isHost = isHost;
    this.#showsNotices = showsNotices;
    if (!isFromElsewhere) ownProject(this.path, join(this.root, 'user'));
    this.write('aiworkflow.yaml', ['version: "1.0"', ...config].join('\n'));
  }

  /** Writes a file of the project, folders included; a text that begins with `#!` becomes executable. */
  write(name: string, text: string): string {
    const file = join(this.path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (text.startsWith('#!')) chmodSync(file, 0o755);
    return file;
  }

  /** A workflow file of the library; step n is called "Part n". */
  addWorkflow(id: string, steps: readonly (readonly string[])[], frontmatter: readonly string[] = []): void {
    this.write(`.aiworkflow/workflows/${id}.md`, bundleText(id, { name: id, steps, frontmatter }));
  }

  /** The open project. */
  async center(): Promise<LocalControlCenter> {
    this.#center ??= await this.#open();
    return this.#center;
  }

  /** Rejects with what the operation answers instead of a value. */
  async call<N extends OperationName>(name: N, input: InputOf<N>): Promise<OutputOf<N>> {
    const answer = await (await this.center()).call(name, input, ME);
    if (answer.ok) return answer.value as OutputOf<N>;
    throw Object.assign(new Error(answer.error.message), answer.error);
  }

  /** A user with this role; `as` acts as he. */
  async addUser(username: string, role: string): Promise<void> {
    await this.call('users.create', { username, roles: [role] });
    const { secret } = await this.call('tokens.create', { username, name: 't', permissions: ['*'] });
    this.#secrets.set(username, secret);
  }

  /** Gives what the operation answers a user of `addUser`; whoever was never added has a wrong credential. */
  async as(username: string, name: OperationName, input: unknown): Promise<unknown> {
    const credential = this.#secrets.get(username) ?? '';
    return (await this.center()).call(name, input, { kind: 'user', id: 'tester', door: 'socket', credential });
  }

  /** Starts a workflow and waits until its run rests; gives the run's id. */
  async run(workflow: string, inputs: Readonly<Record<string, string>> = {}): Promise<string> {
    const { runId } = await this.call('runs.start', { workflow, inputs });
    await this.#center?.drained();
    return runId;
  }

  /** Resolves when no run is driven. */
  async settled(): Promise<void> {
    await this.#center?.drained();
  }

  /** Closes the project; the next call opens it again, as `isHost` says. */
  async reopen(isHost = this.#isHost): Promise<void> {
    await this.#center?.close();
    this.#center = await this.#open(isHost);
  }

  /** Lets the project go; the next call opens it again. */
  async leave(): Promise<void> {
    await this.#center?.close();
    this.#center = null;
  }

  async close(): Promise<void> {
    await this.#center?.close();
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }

  #open(isHost = this.#isHost): Promise<LocalControlCenter> {
    return openControlCenter(
      {
        projectPath: this.path,
        door: 'cli',
        resumeOpenRuns: isHost,
        servesTriggers: isHost,
        showsNotices: this.#showsNotices,
        examplesDir: join(REPOSITORY_DIR, 'examples'),
        resourcesDir: join(REPOSITORY_DIR, 'resources'),
        version: '0.0.0',
        userDataDir: join(this.root, 'user'),
        home: this.root,
      },
      { serveMetrics: startMetricsListener, clock: this.#clock },
    );
  }
}
