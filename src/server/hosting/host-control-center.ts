import { Worker } from 'node:worker_threads';
import { appLog } from '../../core/app-log/index.ts';
import type { ControlCenter, ControlCenterOptions } from '../../core/control-center.ts';
import { type KeySealer, noSealer } from '../../core/governance/index.ts';
import type { DesktopNotice } from '../../core/notices/index.ts';
import type { LiveBatch, WireAnswer } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { answerSealer } from './hosted-sealer.ts';
import { HostedWebhooks } from './hosted-webhooks.ts';
import type { HostMessage, WorkerMessage } from './worker-messages.ts';

/** The control center of this process, running in its worker thread. */
export interface HostedControlCenter extends ControlCenter {
  /** Called once, if the worker dies without having been closed. Calls are answered with a typed error from then on. */
  onCrash(listener: (error: AppError) => void): void;
}

export interface HostingPorts {
  /** Entry of the worker; only tests give another one. */
  readonly entry?: URL;
  /** What keys are sealed with in the thread of the host; default: nothing. */
  readonly sealer?: KeySealer;
}

const defaultEntry = (): URL =>
  new URL(`./control-center-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/**
 * Opens the control center in a worker thread so that the host's own thread stays free (DESIGN §3), and returns a thin
 * proxy of it. Rejects with what `openControlCenter` rejects with (`lease.held` …), or `internal.bug` if the worker dies.
 */
export function hostControlCenter(
  options: ControlCenterOptions,
  ports: HostingPorts = {},
): Promise<HostedControlCenter> {
  appLog.open(options);
  // No flags are inherited: a hook or an inspector of the host's process is not the worker's.
  const worker = new Worker(ports.entry ?? defaultEntry(), { workerData: options, execArgv: [] });
  return new Promise((resolve, reject) => {
    const proxy = new WorkerProxy(worker, options.projectPath, ports.sealer ?? noSealer);
    proxy.onceOpened(() => resolve(proxy), reject);
  });
}

type State = 'opening' | 'open' | 'closing' | 'ended';

/**
 * Invariants: 1. every call is answered exactly once, by the worker or by the end of it; 2. `onCrash` fires at most once and
 * never after `close`; 3. `close` resolves when the worker thread has ended.
 */
class WorkerProxy implements HostedControlCenter {
  readonly webhooks = new HostedWebhooks((message, transfer) => this.worker.postMessage(message, transfer));
  private readonly worker: Worker;
  private readonly sealer: KeySealer;
  private readonly waiting = new Map<number, (answer: WireAnswer) => void>();
  private readonly listeners = new Set<(batch: LiveBatch) => void>();
  private readonly noticeListeners = new Set<(notice: DesktopNotice) => void>();
  private readonly crashListeners: ((error: AppError) => void)[] = [];
  private readonly ended: Promise<void>;
  private state: State = 'opening';
  private failure: unknown = null;
  private projectPath: string;
  private lastId = 0;
  private opened: { resolve: () => void; reject: (error: AppError) => void } | null = null;

  constructor(worker: Worker, projectPath: string, sealer: KeySealer) {
    this.worker = worker;
    this.sealer = sealer;
    this.projectPath = projectPath;
    worker.on('message', (message: WorkerMessage) => this.receive(message));
    worker.on('error', (thrown) => {
      this.failure = thrown;
    });
    this.ended = new Promise((resolve) => {
      worker.on('exit', () => {
        this.end();
        resolve();
      });
    });
  }

  onceOpened(resolve: () => void, reject: (error: AppError) => void): void {
    this.opened = { resolve, reject };
  }

  readonly project = (): { readonly path: string } => ({ path: this.projectPath });

  call(...[name, input, caller]: Parameters<ControlCenter['call']>): Promise<WireAnswer> {
    if (this.state !== 'open') return Promise.resolve(this.stoppedAnswer());
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      try {
        this.post({ kind: 'call', id, name, input, caller });
      } catch {
        this.settle(
          id,
          failed(new AppError('contract.invalid_input', 'The call holds a value that is not plain JSON.')),
        );
      }
    });
  }

  subscribe(listener: (batch: LiveBatch) => void): () => void {
    const own = (batch: LiveBatch): void => listener(batch);
    this.listeners.add(own);
    return () => this.listeners.delete(own);
  }

  onNotice(listener: (notice: DesktopNotice) => void): () => void {
    this.noticeListeners.add(listener);
    return () => this.noticeListeners.delete(listener);
  }

  onCrash(listener: (error: AppError) => void): void {
    this.crashListeners.push(listener);
  }

  woke(): void {
    if (this.state === 'open') this.post({ kind: 'woke' });
  }

  async close(quitBy?: string): Promise<void> {
    if (this.state === 'open') {
      this.state = 'closing';
      this.post({ kind: 'close', quitBy });
    }
    await this.ended;
  }

  private post(message: HostMessage): void {
    this.worker.postMessage(message);
  }

  private receive(message: WorkerMessage): void {
    switch (message.kind) {
      case 'ready':
        this.state = 'open';
        this.projectPath = message.projectPath;
        this.opened?.resolve();
        this.opened = null;
        return;
      case 'refused':
        this.state = 'closing';
        this.opened?.reject(AppError.fromRecord(message.error));
        this.opened = null;
        void this.worker.terminate();
        return;
      case 'answer':
        this.settle(message.id, message.answer);
        return;
      case 'batch':
        this.projectPath = message.projectPath;
        for (const listener of [...this.listeners]) listener(message.batch);
        return;
      case 'notice':
        for (const listener of this.noticeListeners) listener(message.notice);
        return;
      case 'listen':
        this.webhooks.listen(message.place);
        return;
      case 'replies':
        this.webhooks.settle(message.replies);
        return;
      case 'sealer':
        void this.answerSealer(message);
        return;
      case 'closed':
        // Whatever still keeps the thread alive is not worth waiting for: the store is closed.
        void this.worker.terminate();
    }
  }

  private async answerSealer({ id, question }: Extract<WorkerMessage, { kind: 'sealer' }>): Promise<void> {
    this.post({ kind: 'sealer', id, answer: await answerSealer(this.sealer, question) });
  }

  private settle(id: number, answer: WireAnswer): void {
    const resolve = this.waiting.get(id);
    this.waiting.delete(id);
    resolve?.(answer);
  }

  private end(): void {
    const crashed = this.state === 'open' || this.state === 'opening';
    this.state = 'ended';
    if (crashed) this.failure ??= new Error('the worker thread ended');
    for (const id of [...this.waiting.keys()]) this.settle(id, this.stoppedAnswer());
    this.webhooks.end();
    if (!crashed) return;
    const error = crashError(this.failure);
    appLog.error('the control center ended', this.failure, { project: this.projectPath });
    process.stderr.write(`${error.message} (more in ${appLog.file ?? 'the log of the app'})\n`);
    // Whoever hears of it may end the process: by then its cause stands in the log.
    const tell = (): void => {
      this.opened?.reject(error);
      for (const listener of this.crashListeners) listener(error);
    };
    appLog.flush().then(tell, tell);
  }

  private stoppedAnswer(): WireAnswer {
    return failed(
      this.failure === null ? new AppError('engine.stopped', 'The app is closing.') : crashError(this.failure),
    );
  }
}

const failed = (error: AppError): WireAnswer => ({ ok: false, error: error.toRecord() });

const crashError = (cause: unknown): AppError =>
  new AppError('internal.bug', 'The control center stopped unexpectedly.', {
    cause,
    hint: 'Restart the app: open runs are resumed or shown as in doubt.',
  });
