import i18next from 'i18next';
import { create } from 'zustand';
import type { ToolList, ToolTest } from '../../../shared/contract/index.ts';
import { type ErrorRecord, toErrorRecord } from '../../../shared/errors.ts';
import type { JsonMap } from '../../../shared/json.ts';
import type { ToolCallOutcome, ToolDetail } from '../../../shared/model/tool.ts';
import { getClient } from '../../client/bridge.ts';
import { listenLive } from '../../client/live.ts';
import { failed, type Loadable, loading, ready } from '../../client/loadable.ts';
import { createRefetcher } from '../../client/refetcher.ts';
import { showError, showToast } from '../../ui/toasts.tsx';

/** A call from the form. It is kept when one looks elsewhere: long work can be left and found again. Instants are UTC ms. */
export type CallState =
  | { readonly status: 'running'; readonly startedAt: number }
  | { readonly status: 'done'; readonly endedAt: number; readonly outcome: ToolCallOutcome }
  | { readonly status: 'failed'; readonly endedAt: number; readonly durationMs: number; readonly error: ErrorRecord };

type ToolWork = 'refresh' | 'test' | 'stop';

interface ToolsState {
  readonly list: Loadable<ToolList>;
  /** The tool that is shown. */
  readonly shown: string | null;
  readonly detail: Loadable<ToolDetail>;
  /** What is being done to a tool. */
  readonly busy: ReadonlyMap<string, ToolWork>;
  readonly tests: ReadonlyMap<string, ToolTest>;
  /** `tool.operation` -> its newest call. */
  readonly calls: ReadonlyMap<string, CallState>;
}

const EMPTY: ToolsState = {
  list: loading(),
  shown: null,
  detail: loading(),
  busy: new Map(),
  tests: new Map(),
  calls: new Map(),
};

export const useTools = create<ToolsState>()(() => EMPTY);

export const loadTools = createRefetcher(async () => {
  try {
    const list = await getClient().call('tools.list', {});
    useTools.setState({ list: ready(list) });
  } catch (thrown) {
    useTools.setState((state) => ({ list: failed(thrown, state.list.value) }));
  }
});

export const loadTool = createRefetcher(async () => {
  const tool = useTools.getState().shown;
  if (tool === null) return;
  const isShown = (): boolean => useTools.getState().shown === tool;
  try {
    const detail = await getClient().call('tools.show', { tool });
    if (isShown()) useTools.setState({ detail: ready(detail) });
  } catch (thrown) {
    if (isShown()) useTools.setState((state) => ({ detail: failed(thrown, state.detail.value) }));
  }
});

/** Subscribes, then asks; called when the screen comes, its answer when it goes. */
export function startTools(): () => void {
  const stop = listenLive((messages) => {
    if (messages.some(({ kind }) => kind === 'project')) useTools.setState(EMPTY);
    if (!messages.some(({ kind }) => kind === 'tools' || kind === 'project' || kind === 'resync')) return;
    void loadTools();
    void loadTool();
  });
  void loadTools();
  return stop;
}

export function showTool(tool: string): void {
  if (useTools.getState().shown !== tool) useTools.setState({ shown: tool, detail: loading() });
  void loadTool();
}

const put = <V>(map: ReadonlyMap<string, V>, key: string, value: V | undefined): ReadonlyMap<string, V> => {
  const next = new Map(map);
  if (value === undefined) next.delete(key);
  else next.set(key, value);
  return next;
};

/** Does one thing to a tool and shows what it is afterwards. */
async function workOn(tool: string, work: ToolWork, act: () => Promise<void>): Promise<void> {
  if (useTools.getState().busy.has(tool)) return;
  useTools.setState((state) => ({ busy: put(state.busy, tool, work) }));
  try {
    await act();
  } catch (thrown) {
    showError(thrown);
  } finally {
    useTools.setState((state) => ({ busy: put(state.busy, tool, undefined) }));
    await Promise.all([loadTools(), loadTool()]);
  }
}

/** Reaches the tool and lists its operations; with `accept` the definitions of that hash become the accepted ones. */
export const refreshTool = (tool: string, accept?: string): Promise<void> =>
  workOn(tool, 'refresh', async () => {
    const detail = await getClient().call('tools.refresh', { tool, ...(accept === undefined ? {} : { accept }) });
    if (useTools.getState().shown === tool) useTools.setState({ detail: ready(detail) });
    const key = detail.change !== null ? 'change.found' : accept === undefined ? 'refreshed' : 'change.done';
    showToast(i18next.t(`tools:${key}`, { tool, count: detail.operations.length }));
  });

export const testTool = (tool: string): Promise<void> =>
  workOn(tool, 'test', async () => {
    const result = await getClient().call('tools.test', { tool });
    useTools.setState((state) => ({ tests: put(state.tests, tool, result) }));
  });

export const stopServer = (tool: string): Promise<void> =>
  workOn(tool, 'stop', async () => {
    await getClient().call('tools.stopServer', { tool });
    showToast(i18next.t('tools:server.stopped', { tool }));
  });

export const callKey = (tool: string, operation: string): string => `${tool}.${operation}`;

/** Calls an operation; gives the error of a refusal too, so that a form can show it beside its fields. */
export async function callTool(tool: string, operation: string, params: JsonMap): Promise<ErrorRecord | null> {
  const key = callKey(tool, operation);
  const startedAt = Date.now();
  const set = (call: CallState): void => useTools.setState((state) => ({ calls: put(state.calls, key, call) }));
  set({ status: 'running', startedAt });
  try {
    const outcome = await getClient().call('tools.call', { tool, operation, params });
    set({ status: 'done', endedAt: Date.now(), outcome });
    return null;
  } catch (thrown) {
    const error = toErrorRecord(thrown);
    set({ status: 'failed', endedAt: Date.now(), durationMs: Date.now() - startedAt, error });
    return error;
  }
}
