import type { ControlCenter } from '../../../src/core/control-center.ts';
import { DesktopNotices } from '../../../src/core/notices/index.ts';
import { WebhookIntakeHub } from '../../../src/core/triggers/index.ts';
import {
  isOperationName,
  type LiveBatch,
  type LiveEvent,
  OPERATIONS,
  type WireAnswer,
} from '../../../src/shared/contract/index.ts';
import { AppError } from '../../../src/shared/errors.ts';
import type { Actor } from '../../../src/shared/model/run.ts';

/** A call that got past the contract of the fake. */
export interface EnteredCall {
  readonly name: string;
  readonly input: unknown;
  readonly actor: Actor;
}

/** Answers every valid call with what it was given; refuses as the real one does. For tests of doors only. */
export interface FakeControlCenter extends ControlCenter {
  readonly entered: EnteredCall[];
  publish(events: readonly LiveEvent[]): void;
  /** Overrides the answer of valid calls. */
  respond: (call: EnteredCall) => Promise<WireAnswer>;
  /** What it has shown on the desktop. */
  readonly desktop: DesktopNotices;
  switchProject(path: string): void;
  isClosed(): boolean;
}

export function createFakeControlCenter(firstProject = '/fake/project'): FakeControlCenter {
  let projectPath = firstProject;
  const listeners = new Set<(batch: LiveBatch) => void>();
  const entered: EnteredCall[] = [];
  let number = 0;
  let isClosed = false;
  const refused = (code: 'contract.unknown_operation' | 'contract.invalid_input', message: string): WireAnswer => ({
    ok: false,
    error: new AppError(code, message).toRecord(),
  });
  const webhooks = new WebhookIntakeHub();
  const desktop = new DesktopNotices(true);
  const fake: FakeControlCenter = {
    entered,
    respond: async (call) => ({ ok: true, value: call }),
    webhooks,
    desktop,
    onNotice: (listener) => desktop.follow(listener),
    woke: () => undefined,
    project: () => ({ path: projectPath }),
    call: async (name, input, actor) => {
      if (!isOperationName(name)) return refused('contract.unknown_operation', 'There is no such operation.');
      const parsed = OPERATIONS[name].input.safeParse(input);
      if (!parsed.success) return refused('contract.invalid_input', 'The input is not valid.');
      const call = { name, input: parsed.data, actor };
      entered.push(call);
      return fake.respond(call);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    publish: (events) => {
      number += 1;
      for (const listener of listeners) listener({ number, events });
    },
    switchProject: (path) => {
      projectPath = path;
      fake.publish([{ kind: 'project', path }]);
    },
    close: async () => {
      isClosed = true;
    },
    isClosed: () => isClosed,
  };
  return fake;
}
