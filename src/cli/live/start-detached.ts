import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FoundProject } from '../../core/projects/index.ts';
import type { InputOf } from '../../shared/contract/index.ts';
import { AppError, type ErrorRecord } from '../../shared/errors.ts';
import type { AppPlace, Login } from '../context.ts';

/** What the process left behind is to do. It goes over IPC: values of inputs never stand in an argument list. */
export type DetachedOrder = {
  readonly project: FoundProject;
  readonly place: AppPlace;
  readonly login: Omit<Login, 'password'>;
} & ({ readonly kind: 'run'; readonly input: InputOf<'runs.start'> } | { readonly kind: 'host' });
export type DetachedAnswer = { readonly runId: string } | { readonly pid: number } | { readonly error: ErrorRecord };
type Answered = Exclude<DetachedAnswer, { readonly error: ErrorRecord }>;

/** From source the entry lies one folder up; built, all entries lie in one folder. */
const entry = (): string =>
  fileURLToPath(
    new URL(import.meta.url.endsWith('.ts') ? '../detached-work.ts' : './detached-work.js', import.meta.url),
  );

/** Starts a run, or the host of the triggers, in a process of its own, which outlives this one. Rejects with what refused the start. */
export function startDetached(order: Extract<DetachedOrder, { kind: 'run' }>): Promise<{ readonly runId: string }>;
export function startDetached(order: Extract<DetachedOrder, { kind: 'host' }>): Promise<{ readonly pid: number }>;
export function startDetached(order: DetachedOrder): Promise<Answered> {
  const child = spawn(process.execPath, [entry()], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    cwd: order.project.isFresh ? undefined : order.project.path,
  });
  return new Promise((resolve, reject) => {
    const died = (cause?: unknown): void =>
      reject(new AppError('internal.bug', 'The process ended before it began.', { cause }));
    child.once('error', died);
    child.once('exit', () => died());
    child.once('message', (answer: DetachedAnswer) => {
      child.removeAllListeners();
      child.unref();
      if (child.connected) child.disconnect();
      if ('error' in answer) reject(AppError.fromRecord(answer.error));
      else resolve(answer);
    });
    child.send(order);
  });
}
