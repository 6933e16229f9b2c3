import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ControlCenter, ControlCenterOptions } from '../../core/control-center.ts';
import type { DesktopNotice } from '../../core/notices/index.ts';
import { projectPaths } from '../../core/projects/index.ts';
import {
  type LiveBatch,
  type LiveEvent,
  OPERATIONS,
  type OperationName,
  type WireAnswer,
} from '../../shared/contract/index.ts';
import { AppError, toErrorRecord } from '../../shared/errors.ts';
import { connectToHolder, type HolderClient, isReading, unknownEnd } from '../socket-door/holder-client.ts';
import { FollowingIntake } from './following-intake.ts';
import { type HostedControlCenter, type HostingPorts, hostControlCenter } from './host-control-center.ts';

/** How long a holder may take between its lease and its socket, at its start and at its end. */
const HOLDER_MOVES_WITHIN_MS = 12_000;
const LOOK_AGAIN_MS = 50;

/** The holder knows this process as the user of the system alone: nobody else may act through it. */
const SIGN_IN_AT_HOLDER: WireAnswer = {
  ok: false,
  error: new AppError('access.denied', 'Another process holds this project: nobody can sign in here now.', {
    hint: 'Sign in where the project is held, or end that process.',
  }).toRecord(),
};

type Source =
  | { readonly kind: 'own'; readonly center: HostedControlCenter }
  | { readonly kind: 'holder'; readonly client: HolderClient; readonly path: string };

/**
 * The control center of an app with a window: its own, or that of whoever holds the project already (a host without a window, a terminal
 * with a run). Invariants: (1) a lease that is held elsewhere is a normal start; (2) when the holder lets go, this process takes the
 * project over and every screen begins anew; (3) an operation that changes something is never repeated where its end is not known.
 */
export class AppCenter implements HostedControlCenter {
  /** Whoever holds the project is sent the webhooks. */
  readonly webhooks = new FollowingIntake();
  #options: ControlCenterOptions;
  readonly #ports: HostingPorts;
  readonly #listeners = new Map<(batch: LiveBatch) => void, { number: number; stop: () => void }>();
  readonly #noticeListeners = new Set<(notice: DesktopNotice) => void>();
  readonly #crashListeners: ((error: AppError) => void)[] = [];
  #source: Source;
  #moving: Promise<void> | null = null;
  #isClosed = false;

  private constructor(options: ControlCenterOptions, ports: HostingPorts, source: Source) {
    this.#options = options;
    this.#ports = ports;
    this.#source = source;
    this.#watch();
  }

  /** Rejects with `holder.version`, `lease.held` when the holder does not listen, `store.*`. */
  static async open(options: ControlCenterOptions, ports: HostingPorts = {}): Promise<AppCenter> {
    return new AppCenter(options, ports, await openSource(options, ports));
  }

  /** False while another process holds the project; a `project` event tells when that changes. */
  get isHolding(): boolean {
    return this.#source.kind === 'own';
  }

  readonly project = (): { readonly path: string } =>
    this.#source.kind === 'own' ? this.#source.center.project() : { path: this.#source.path };

  async call(...[name, input, caller]: Parameters<ControlCenter['call']>): Promise<WireAnswer> {
    const asked = this.#source;
    if (asked.kind === 'own') return asked.center.call(name, input, caller);
    if (caller.credential !== undefined || name === 'sessions.open') return SIGN_IN_AT_HOLDER;
    if (name === 'project.switch') return this.#leave(input);
    const answer = await ask(asked.client, name, input);
    if (answer.ok || this.#isClosed) return answer;
    const { code } = answer.error;
    if (code !== 'holder.leaving' && code !== 'holder.unreachable') return answer;
    try {
      await this.#move(asked);
    } catch (error) {
      return { ok: false, error: toCrash(error).toRecord() };
    }
    if (code === 'holder.unreachable' && !isReading(name))
      return { ok: false, error: unknownEnd(name, AppError.fromRecord(answer.error)).toRecord() };
    return this.call(name, input, caller);
  }

  subscribe(listener: (batch: LiveBatch) => void): () => void {
    const own = (batch: LiveBatch): void => listener(batch);
    this.#listeners.set(own, { number: 0, stop: () => undefined });
    this.#listen(own);
    return () => {
      this.#listeners.get(own)?.stop();
      this.#listeners.delete(own);
    };
  }

  /** Those of this process: whoever else holds the project shows its own, or none. */
  onNotice(listener: (notice: DesktopNotice) => void): () => void {
    this.#noticeListeners.add(listener);
    return () => this.#noticeListeners.delete(listener);
  }

  onCrash(listener: (error: AppError) => void): void {
    this.#crashListeners.push(listener);
  }

  /** Opens the project here again after the control center of this process died; its socket still stands, so nobody else is asked. */
  async restart(): Promise<void> {
    const { path } = this.project();
    const center = await hostControlCenter({ ...this.#options, projectPath: path }, this.#ports);
    if (this.#isClosed) await center.close();
    else this.#take({ kind: 'own', center });
  }

  /** Another holder hears it of its own system. */
  woke(): void {
    if (this.#source.kind === 'own') this.#source.center.woke();
  }

  async close(quitBy?: string): Promise<void> {
    this.#isClosed = true;
    await this.#moving?.catch(() => undefined);
    await letGo(this.#source, quitBy);
  }

  /** Another project is this app's own business: the holder stays with its own. */
  async #leave(input: unknown): Promise<WireAnswer> {
    const left = this.#source;
    try {
      const parsed = OPERATIONS['project.switch'].input.safeParse(input);
      if (!parsed.success) throw new AppError('contract.invalid_input', 'The input of project.switch is not valid.');
      const named = resolve(this.#options.home, parsed.data.path);
      const projectPath = await realpath(named).catch(() => named);
      if (projectPath === this.project().path) return { ok: true, value: { path: projectPath } };
      this.#options = { ...this.#options, projectPath, isFresh: true };
      this.#take(await openSource(this.#options, this.#ports));
      if (left.kind === 'holder') left.client.close();
      return { ok: true, value: { path: this.project().path } };
    } catch (error) {
      return { ok: false, error: toErrorRecord(error) };
    }
  }

  #watch(): void {
    const source = this.#source;
    this.webhooks.take(source.kind === 'own' ? source.center.webhooks : null);
    if (source.kind === 'own') {
      source.center.onCrash((error) => this.#crash(error));
      source.center.onNotice((notice) => {
        for (const listener of this.#noticeListeners) listener(notice);
      });
    } else source.client.ended.then(() => this.#move(source)).catch((error: unknown) => this.#crash(toCrash(error)));
  }

  /** Finds whoever holds the project now, or holds it here. */
  #move(from: Source): Promise<void> {
    if (this.#isClosed || this.#source !== from) return Promise.resolve();
    this.#moving ??= openSource(this.#options, this.#ports)
      .then(async (source) => {
        if (!this.#isClosed && this.#source === from) this.#take(source);
        else await letGo(source);
      })
      .finally(() => {
        this.#moving = null;
      });
    return this.#moving;
  }

  #take(source: Source): void {
    this.#source = source;
    this.#watch();
    for (const listener of this.#listeners.keys()) this.#listen(listener);
    for (const listener of [...this.#listeners.keys()])
      this.#tell(listener, { step: 1, events: [{ kind: 'project', path: this.project().path }] });
  }

  #listen(listener: (batch: LiveBatch) => void): void {
    const entry = this.#listeners.get(listener);
    if (entry === undefined) return;
    entry.stop();
    const source = this.#source.kind === 'own' ? this.#source.center : this.#source.client;
    let last: number | null = null;
    entry.stop = source.subscribe(({ number, events }) => {
      // A gap of the source stays one: the screen asks again.
      const step = last === null ? 1 : number - last;
      last = number;
      this.#tell(listener, { step, events });
    });
  }

  #tell(
    listener: (batch: LiveBatch) => void,
    { step, events }: { readonly step: number; readonly events: readonly LiveEvent[] },
  ): void {
    const entry = this.#listeners.get(listener);
    if (entry === undefined) return;
    entry.number += step;
    listener({ number: entry.number, events });
  }

  #crash(error: AppError): void {
    if (this.#isClosed) return;
    for (const listener of this.#crashListeners) listener(error);
  }
}

async function openSource(options: ControlCenterOptions, ports: HostingPorts): Promise<Source> {
  const { stateDir } = projectPaths(options.projectPath);
  const giveUpAt = performance.now() + HOLDER_MOVES_WITHIN_MS;
  for (;;) {
    const client = await connectToHolder(stateDir, options.version);
    if (client !== null) return { kind: 'holder', client, path: options.projectPath };
    try {
      return { kind: 'own', center: await hostControlCenter(options, ports) };
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'lease.held') || performance.now() > giveUpAt) throw error;
    }
    await delay(LOOK_AGAIN_MS);
  }
}

const letGo = async (source: Source, quitBy?: string): Promise<void> =>
  source.kind === 'own' ? source.center.close(quitBy) : source.client.close();

async function ask(client: HolderClient, name: string, input: unknown): Promise<WireAnswer> {
  try {
    return { ok: true, value: await client.call(name as OperationName, input as never) };
  } catch (error) {
    return { ok: false, error: toErrorRecord(error) };
  }
}

const toCrash = (thrown: unknown): AppError =>
  thrown instanceof AppError
    ? thrown
    : new AppError('holder.unreachable', 'The app that held the project is gone, and it cannot be opened here.', {
        cause: thrown,
      });
