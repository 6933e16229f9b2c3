import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { LiveBatch, LiveEvent } from '../../../shared/contract/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { setClient } from '../../client/bridge.ts';
import { startI18n } from '../../i18n/index.ts';
import { agentList, checkAgents, useChecking } from './agents-store.ts';
import { callTool, refreshTool, shownTool, useTools } from './tools-store.ts';
import { refusedPlaces } from './use-try-form.ts';

type Answer = (input: Record<string, unknown>) => unknown;
let answers: Record<string, Answer> = {};
let calls: string[] = [];
let listener: ((batch: LiveBatch) => void) | null = null;
let number = 0;
const emit = (...events: LiveEvent[]): void => {
  number += 1;
  listener?.({ number, events });
};

beforeAll(startI18n);
beforeEach(() => {
  answers = {};
  calls = [];
  setClient({
    call: (async (name: string, input: Record<string, unknown>) => {
      calls.push(name);
      const answer = answers[name];
      if (answer === undefined) throw new AppError('contract.unknown_operation', name);
      return answer(input);
    }) as never,
    subscribe: (each) => {
      listener = each;
      return () => undefined;
    },
  });
});
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

const agent = (name: string, isInstalled = true) => ({ name, isAvailable: true, isInstalled });

it('marks who is being checked, and asks again when agents changed', async () => {
  let release: (value: unknown) => void = () => undefined;
  answers['agents.list'] = () => ({ agents: [agent('a'), agent('b', false)], primary: 'a' });
  answers['agents.check'] = () => new Promise((resolve) => (release = resolve));
  stops.push(agentList.open(null));
  await vi.waitFor(() => expect(agentList.store.getState().data.status).toBe('ready'));
  const checking = checkAgents();
  expect([...useChecking.getState().names]).toEqual(['a']);
  release({ agents: [{ agentName: 'a', isHealthy: true }] });
  await checking;
  expect(useChecking.getState().names.size).toBe(0);
  const before = calls.length;
  emit({ kind: 'tools' });
  expect(calls).toHaveLength(before);
  emit({ kind: 'agents' });
  expect(calls.slice(before)).toEqual(['agents.list']);
});

it('keeps the list that it has when it cannot be asked', async () => {
  answers['agents.list'] = () => ({ agents: [agent('a')], primary: 'a' });
  stops.push(agentList.open(null));
  await vi.waitFor(() => expect(agentList.store.getState().data.status).toBe('ready'));
  answers['agents.list'] = () => {
    throw new AppError('store.busy', 'Busy.');
  };
  emit({ kind: 'agents' });
  await vi.waitFor(() => expect(agentList.store.getState().data.status).toBe('error'));
  expect(agentList.store.getState().data.value?.primary).toBe('a');
});

it('never shows the answer about another tool, and takes one act a tool at a time', async () => {
  const waiting = new Map<string, (value: unknown) => void>();
  answers['tools.show'] = ({ tool }) => new Promise((resolve) => waiting.set(String(tool), resolve));
  shownTool.open('slow');
  stops.push(shownTool.open('quick'));
  waiting.get('slow')?.({ name: 'slow' });
  await vi.waitFor(() => expect(waiting.has('quick')).toBe(true));
  expect(shownTool.store.getState().data.value).toBeNull();
  waiting.get('quick')?.({ name: 'quick' });
  await vi.waitFor(() => expect(shownTool.store.getState().data.value?.name).toBe('quick'));

  let accepted: unknown = null;
  answers['tools.show'] = () => ({ name: 'quick', operations: [] });
  answers['tools.refresh'] = ({ accept }) => {
    accepted = accept;
    return { name: 'quick', operations: [], change: null };
  };
  await Promise.all([refreshTool('quick', 'hash-that-was-seen'), refreshTool('quick')]);
  expect(calls.filter((name) => name === 'tools.refresh')).toHaveLength(1);
  expect(accepted).toBe('hash-that-was-seen');
  expect(useTools.getState().busy.size).toBe(0);
});

it('keeps what a call gave, or why it was refused', async () => {
  answers['tools.call'] = () => ({ output: 1, durationMs: 5, warnings: [], log: [] });
  expect(await callTool('desk', 'post', {})).toBeNull();
  expect(useTools.getState().calls.get('desk.post')).toMatchObject({ status: 'done', outcome: { output: 1 } });
  answers['tools.call'] = () => {
    throw new AppError('tool.invalid_params', "Parameter 'to' is missing.", { details: { parameter: 'to' } });
  };
  const error = await callTool('desk', 'post', {});
  expect(useTools.getState().calls.get('desk.post')).toMatchObject({
    status: 'failed',
    error: { message: error?.message },
  });
  if (error === null) throw new Error('it was not refused');
  expect(refusedPlaces(error)).toEqual({ to: "Parameter 'to' is missing." });
});
