import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { parse } from 'node:path';
import { createFrameReader, type HelperCommand, type HelperMessage } from './helper-protocol.ts';
import { keptCommand } from './keeper.ts';

export interface HelperLinkOptions {
  readonly execPath: string;
  readonly entry: string;
  readonly helpersDir: string;
  readonly id: string;
  readonly onMessage: (message: HelperMessage) => void;
}

/** The engine's end of one helper process. Commands wait until the helper has its record file. */
export class HelperLink {
  readonly id: string;
  /** Resolves when the helper is gone and everything it said has been heard. */
  readonly gone: Promise<void>;
  readonly pid: number | undefined;
  readonly #child: ChildProcess;
  readonly #events: Socket;
  #early: HelperCommand[] | null = [];
  #isClosing = false;

  constructor(options: HelperLinkOptions) {
    this.id = options.id;
    const { command, args } = keptCommand(options.execPath, [options.entry, options.helpersDir, options.id]);
    this.#child = spawn(command, args, {
      cwd: parse(options.helpersDir).root,
      env: helperEnvironment(),
      detached: true,
      windowsHide: true,
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    });
    this.pid = this.#child.pid;
    this.#events = this.#child.stdio[3] as Socket;
    this.#events.on('error', () => undefined);
    this.#child.stdin?.on('error', () => undefined);
    this.#events.on(
      'data',
      createFrameReader((line) => this.#hear(JSON.parse(line) as HelperMessage, options.onMessage)),
    );
    const exited = new Promise<void>((resolve) => {
      this.#child.once('exit', () => resolve());
      this.#child.once('error', () => resolve());
    });
    const silent = new Promise<void>((resolve) => this.#events.once('close', () => resolve()));
    this.gone = Promise.all([exited, silent]).then(() => undefined);
    this.setBusy(false);
  }

  send(command: HelperCommand): void {
    if (this.#early !== null) this.#early.push(command);
    else this.#child.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  /** An idle helper does not keep its host alive; one that is being closed does, until it is gone. */
  setBusy(isBusy: boolean): void {
    if (this.#isClosing) return;
    for (const handle of [this.#child, this.#events, this.#child.stdin as Socket | null]) {
      if (isBusy) handle?.ref();
      else handle?.unref();
    }
  }

  /** Tells the helper that no more will come; it ends what runs and exits. */
  async close(): Promise<void> {
    this.setBusy(true);
    this.#isClosing = true;
    this.#child.stdin?.end();
    await this.gone;
  }

  #hear(message: HelperMessage, onMessage: (message: HelperMessage) => void): void {
    if (message.t !== 'ready') {
      onMessage(message);
      return;
    }
    const early = this.#early ?? [];
    this.#early = null;
    for (const command of early) this.send(command);
  }
}

/** The helper gets no environment of ours, so nothing secret lies in its /proc entry; children get theirs per attempt. */
function helperEnvironment(): Record<string, string> {
  const kept = ['SystemRoot', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'];
  const env = Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  return process.versions.electron === undefined ? env : { ...env, ELECTRON_RUN_AS_NODE: '1' };
}
