import { AppError, type ErrorCode, type ErrorExtras } from '../../src/shared/errors.ts';
import { type HarnessOptions, inProcessTool, openHarness } from '../support/engine-harness.ts';

/** Engines over real stores with tools that a test scripts; closed by `closeAll`. */
export type Harness = ReturnType<typeof openHarness>;
const opened: Harness[] = [];

/** For `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const one of opened.splice(0)) await one.close();
}

/** A real engine over a real store. */
export function harness(options: HarnessOptions = {}): Harness {
  const one = openHarness(options);
  opened.push(one);
  return one;
}

/** A new engine over the same store, as after a crash. */
export function reopen(dead: Harness, options: HarnessOptions = {}): Harness {
  opened.splice(opened.indexOf(dead), 1);
  dead.store.close();
  const one = harness({ ...options, dir: dead.dir, clock: dead.clock });
  for (const [hash, version] of dead.versions) one.versions.set(hash, version);
  return one;
}

export const failing = (code: ErrorCode, extras: ErrorExtras = {}) => new AppError(code, 'no', extras);

/** Tools whose behaviour a test scripts: `t.do` runs `acts[step id]`, every call is noted. */
export function scripted() {
  const calls: string[] = [];
  const acts: Record<string, () => unknown> = {};
  const tool = inProcessTool('t', {
    do: (call) => {
      calls.push(call.stepId);
      return acts[call.stepId]?.() ?? call.stepId;
    },
    echo: (call) => call.inputs.value ?? null,
    hang: (call) =>
      new Promise((_, reject) => {
        calls.push('hang');
        call.signal.addEventListener(
          'abort',
          () => {
            calls.push('aborted');
            reject(new AppError('run.cancelled', 'cut'));
          },
          { once: true },
        );
      }),
  });
  return { tool, calls, acts };
}

/** Fails always, with an error of this code. */
export const broken = (code: ErrorCode, extras: ErrorExtras = {}) =>
  inProcessTool('t', { do: () => Promise.reject(failing(code, extras)), echo: (call) => call.inputs.value ?? null });

/** Lets retries happen until the run rests; gives the waits in ms. */
export async function playRetries(one: Harness, runId: string): Promise<readonly number[]> {
  const waits: number[] = [];
  while (one.engine.isLive(runId)) {
    const [wait] = one.clock.waits();
    if (wait !== undefined) {
      waits.push(wait);
      one.clock.advance(wait);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return waits;
}
