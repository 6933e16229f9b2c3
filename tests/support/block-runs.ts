import { expect, onTestFinished } from 'vitest';
import type { RunState } from '../../src/core/engine/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import type { Json, JsonMap } from '../../src/shared/json.ts';
import { type HarnessOptions, inProcessTool, openHarness, workflowText } from './engine-harness.ts';

/** What blocks are tried with: a tool that speaks, one that waits, and runs of a few steps. */
type Harness = ReturnType<typeof openHarness>;
const kept = new Set<Harness>();
/** Each is closed when the test is over that it was opened in. */
export const opened = {
  push: (one: Harness): void => {
    kept.add(one);
    onTestFinished(async () => {
      if (kept.delete(one)) await one.close();
    });
  },
  /** The test has ended it by itself. */
  forget: (one: Harness): void => void kept.delete(one),
};

export const calls: { readonly path: string; readonly inputs: JsonMap; readonly key: string }[] = [];
/** `say` gives its input back, `fail` fails with the code that it is given. */
export const tool = inProcessTool('t', {
  say: ({ path, inputs, stepKey: key }) => {
    calls.push({ path, inputs, key });
    return inputs.value ?? null;
  },
  fail: ({ inputs }) => {
    throw new AppError((inputs.code as 'tool.failed' | undefined) ?? 'tool.failed', 'It broke.');
  },
});

export function harness(options: HarnessOptions = {}): Harness {
  calls.length = 0;
  const one = openHarness({ tools: [tool], ...options });
  opened.push(one);
  return one;
}

export async function run(yaml: string, inputs: JsonMap = {}, more: readonly string[] = []): Promise<RunState> {
  const one = harness();
  const declared = Object.keys(inputs).map((name) => `  ${name}: {required: false}`);
  const head = [...(declared.length === 0 ? [] : ['inputs:', ...declared]), ...more];
  const steps = yaml.split('\n---\n').map((step) => step.split('\n'));
  const state = await one.run(workflowText(steps, head), inputs);
  expect(one.bugs).toEqual([]);
  return state;
}

export const paths = (): readonly string[] => calls.map(({ path }) => path);
export const variables = ({ variables: all }: RunState): Json => Object.fromEntries(all) as JsonMap;

export const ticks = async (): Promise<void> => {
  for (let turn = 0; turn < 12; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A tool whose calls end when the test says so. */
export function gates() {
  const open = new Map<
    string,
    { readonly resolve: (value: Json) => void; readonly reject: (error: unknown) => void }
  >();
  const gate = inProcessTool('g', {
    wait: ({ path, signal }) =>
      new Promise((resolve, reject) => {
        open.set(path, { resolve, reject });
        signal.addEventListener('abort', () => {
          open.delete(path);
          reject(new AppError('run.cancelled', 'Cut.'));
        });
      }),
  });
  const end = async (path: string, value: Json = null): Promise<void> => {
    open.get(path)?.resolve(value);
    open.delete(path);
    await ticks();
  };
  const break_ = async (path: string): Promise<void> => {
    open.get(path)?.reject(new AppError('tool.failed', 'It broke.'));
    open.delete(path);
    await ticks();
  };
  return { gate, open, end, break_ };
}
