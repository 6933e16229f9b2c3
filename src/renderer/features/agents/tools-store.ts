import i18next from 'i18next';
import { create } from 'zustand';
import type { ToolTest } from '../../../shared/contract/index.ts';
import { type ErrorRecord, toErrorRecord } from '../../../shared/errors.ts';
import type { JsonMap } from '../../../shared/json.ts';
import type { ToolCallOutcome } from '../../../shared/model/tool.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';
import { showToast } from '../../ui/toasts.tsx';

/** A call from the form. It is kept when one looks elsewhere: long work can be left and found again. Instants are UTC ms. */
export type CallState =
  | { readonly status: 'running'; readonly startedAt: number }
  | { readonly status: 'done'; readonly endedAt: number; readonly outcome: ToolCallOutcome }
  | { readonly status: 'failed'; readonly endedAt: number; readonly durationMs: number; readonly error: ErrorRecord };

type ToolWork = 'refresh' | 'test' | 'stop';

const hasChanged = ({ kind }: { readonly kind: string }): 'now' | null => (kind === 'tools' ? 'now' : null);

export const toolList = createLiveQuery({ ask: () => call('tools.list', {}), dueOn: hasChanged });

/** The tool that is shown. */
export const shownTool = createLiveQuery({
  ask: (tool: string) => call('tools.show', { tool }),
  dueOn: hasChanged,
});

/** What was done to tools from this window; it ends with the project. */
interface ToolsState {
  /** What is being done to a tool. */
  readonly busy: ReadonlyMap<string, ToolWork>;
  readonly tests: ReadonlyMap<string, ToolTest>;
  /** `tool.operation` -> its newest call. */
  readonly calls: ReadonlyMap<string, CallState>;
}

const EMPTY: ToolsState = { busy: new Map(), tests: new Map(), calls: new Map() };

export const useTools = create<ToolsState>()(() => EMPTY);
export const forgetTools = (): void => useTools.setState(EMPTY);

const put = <V>(map: ReadonlyMap<string, V>, key: string, value: V | undefined): ReadonlyMap<string, V> => {
  const next = new Map(map);
  if (value === undefined) next.delete(key);
  else next.set(key, value);
  return next;
};

/** Does one thing to a tool and shows what it is afterwards. */
async function workOn(tool: string, work: ToolWork, doIt: () => Promise<void>): Promise<void> {
  if (useTools.getState().busy.has(tool)) return;
  useTools.setState((state) => ({ busy: put(state.busy, tool, work) }));
  await act(doIt);
  useTools.setState((state) => ({ busy: put(state.busy, tool, undefined) }));
  await Promise.all([toolList.refresh(), shownTool.refresh()]);
}

/** Reaches the tool and lists its operations; with `accept` the definitions of that hash become the accepted ones. */
export const refreshTool = (tool: string, accept?: string): Promise<void> =>
  workOn(tool, 'refresh', async () => {
    const detail = await call('tools.refresh', { tool, ...(accept === undefined ? {} : { accept }) });
    if (shownTool.store.getState().key === tool) shownTool.change(() => detail);
    const key = detail.change !== null ? 'change.found' : accept === undefined ? 'refreshed' : 'change.done';
    showToast(i18next.t(`tools:${key}`, { tool, count: detail.operations.length }));
  });

export const testTool = (tool: string): Promise<void> =>
  workOn(tool, 'test', async () => {
    const result = await call('tools.test', { tool });
    useTools.setState((state) => ({ tests: put(state.tests, tool, result) }));
  });

export const stopServer = (tool: string): Promise<void> =>
  workOn(tool, 'stop', async () => {
    await call('tools.stopServer', { tool });
    showToast(i18next.t('tools:server.stopped', { tool }));
  });

export const callKey = (tool: string, operation: string): string => `${tool}.${operation}`;

/** Calls an operation; gives the error of a refusal too, so that a form can show it beside its fields. */
export async function callTool(tool: string, operation: string, params: JsonMap): Promise<ErrorRecord | null> {
  const key = callKey(tool, operation);
  const startedAt = Date.now();
  const set = (state: CallState): void => useTools.setState(({ calls }) => ({ calls: put(calls, key, state) }));
  set({ status: 'running', startedAt });
  try {
    const outcome = await call('tools.call', { tool, operation, params });
    set({ status: 'done', endedAt: Date.now(), outcome });
    return null;
  } catch (thrown) {
    const error = toErrorRecord(thrown);
    set({ status: 'failed', endedAt: Date.now(), durationMs: Date.now() - startedAt, error });
    return error;
  }
}
