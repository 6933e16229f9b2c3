import { describe, expect, it } from 'vitest';
import type { RunState } from '../../src/core/engine/index.ts';
import type { ToolCall } from '../../src/core/tools/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import type { Json, JsonMap } from '../../src/shared/json.ts';
import type { ApprovalAsked } from '../../src/shared/model/approval.ts';
import type { Actor } from '../../src/shared/model/run.ts';
import { calls, harness, opened, paths, ticks, tool, variables } from '../support/block-runs.ts';
import { FakeClock, type HarnessOptions, openHarness, TESTER, workflowText } from '../support/engine-harness.ts';

type Harness = ReturnType<typeof harness>;

const HOUR = 3_600_000;
const BOSS: Actor = { kind: 'user', id: 'boss', door: 'browser' };
const DRAFT = ['id: draft', 'action: t.say', 'inputs: {value: "Dear all"}', 'output_variable: letter'];
const SEND = ['id: send', 'action: t.say', 'inputs: {value: "{{ letter }} at {{ now }}"}', 'output_variable: sent'];
const ask = (...more: readonly string[]): readonly string[] => [
  'id: ok',
  'approval:',
  '  title: "Send {{ letter }}?"',
  ...more.map((line) => `  ${line}`),
  'output_variable: answer',
];

/** A run that rests at its question. */
async function asked(
  one: Harness,
  steps: readonly (readonly string[])[] = [DRAFT, ask(), SEND],
  head: readonly string[] = [],
) {
  const { runId } = await one.start(workflowText(steps, head));
  await one.engine.settled(runId);
  const on = (engine: Harness['engine']) => ({
    state: (): RunState => engine.stateOf(runId).state,
    settle: async (): Promise<RunState> => {
      await ticks();
      await engine.settled(runId);
      await ticks();
      return engine.stateOf(runId).state;
    },
    decide: (
      decision: 'approve' | 'reject' | 'revise' | 'cancel',
      comment = '',
      check: (state: RunState) => void = () => undefined,
    ) => engine.decide(runId, { path: 'ok', id: 'x', decision, comment }, check, BOSS),
  });
  return { runId, on, ...on(one.engine) };
}

/** Another engine over the same store, as after a restart; time has gone on by so much. */
function restarted(one: Harness, passedMs = 0, agents: HarnessOptions['agents'] = {}): Harness {
  one.store.close();
  const clock = new FakeClock();
  clock.advance(passedMs);
  const next = openHarness({ dir: one.dir, tools: [tool], clock, agents });
  opened.push(next);
  for (const [hash, version] of one.versions) next.versions.set(hash, version);
  return next;
}

const question = (state: RunState): ApprovalAsked => {
  const request = state.steps.get('ok')?.waitpoint?.request;
  if (request == null) throw new Error('nothing was asked');
  return request.asked;
};

describe('approval', () => {
  it('asks with the exact effect and goes on when it is approved: what was shown is what is done', async () => {
    const one = harness();
    const { runId, state, settle, decide } = await asked(one);
    expect([state().status, state().waitsFor, state().wakeAt, one.engine.liveCount]).toEqual([
      'waiting',
      'approval',
      null,
      0,
    ]);
    const { title, requester, round, subject } = question(state());
    expect([title, requester, round, subject.proposalPath]).toEqual(['Send Dear all?', 'tester', 1, 'draft']);
    const [send] = subject.steps;
    expect(send).toMatchObject({ path: 'send', action: 't.say', effect: 'effect', isExact: true });
    expect(one.store.approvals.list({ limit: 10 })).toMatchObject([
      { runId, title, status: 'pending', requesterId: 'tester' },
    ]);

    one.clock.advance(48 * HOUR);
    await decide('approve', 'fine');
    expect((await settle()).status).toBe('completed');
    expect(calls.map(({ inputs }) => inputs)).toEqual([{ value: 'Dear all' }, send?.inputs]);
    expect(variables(state())).toMatchObject({
      answer: {
        approved: true,
        status: 'approved',
        approvals: [{ approver_id: 'boss', comment: 'fine' }],
        rejections: [],
      },
    });
    expect(one.store.approvals.list({ limit: 10 })).toMatchObject([{ status: 'approved' }]);
    expect(one.bugs).toEqual([]);
  });

  it('is decided after a restart: sent once', async () => {
    const one = harness();
    const { runId, on } = await asked(one);
    const next = restarted(one);
    await next.engine.recoverAll();
    const { decide, settle } = on(next.engine);
    await decide('approve');
    expect([(await settle()).status, runId.length > 0]).toEqual(['completed', true]);
    expect(paths()).toEqual(['draft', 'send']);
  });

  it('after a step that sends and an agent: approved after a restart, nothing is sent and nobody is asked again', async () => {
    const asks: string[] = [];
    const agents = {
      agents: {
        writer: ({ path }: ToolCall): Json => {
          asks.push(path);
          return 'Dear all';
        },
      },
    };
    const one = harness({ agents });
    const { on } = await asked(one, [
      ['id: draft', 'action: agent.run', 'agent: writer', 'inputs: {task: Write}', 'output_variable: letter'],
      ['id: announce', 'action: t.say', 'inputs: {value: "{{ letter }}"}'],
      ask(),
      SEND,
    ]);
    const next = restarted(one, 48 * HOUR, agents);
    await next.engine.recoverAll();
    const { decide, settle, state } = on(next.engine);
    expect([asks, paths(), state().status]).toEqual([['draft'], ['announce'], 'waiting']);
    await decide('approve');
    expect((await settle()).status).toBe('completed');
    expect([asks, paths()]).toEqual([['draft'], ['announce', 'send']]);
    expect(next.bugs).toEqual([]);
  });

  it('of many words at once counts one', async () => {
    const one = harness();
    const { decide, settle } = await asked(one);
    const check = (state: RunState): void => {
      if (state.steps.get('ok')?.status !== 'waiting' || state.steps.get('ok')?.waitpoint?.resolved !== null)
        throw new Error('decided');
    };
    const words = await Promise.allSettled(
      Array.from({ length: 200 }, (_, at) => decide(at % 2 === 0 ? 'approve' : 'reject', '', check)),
    );
    expect(words.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await settle()).status).toBe('completed');
    expect(paths()).toEqual(['draft', 'send']);
  });

  it('rejected fails the run with the reason, or goes on where the workflow says so', async () => {
    const one = harness();
    const no = await asked(one);
    await no.decide('reject', 'too short');
    const failed = await no.settle();
    expect([failed.status, failed.steps.get('ok')?.error?.code, failed.steps.get('ok')?.error?.message]).toEqual([
      'failed',
      'approval.rejected',
      'Approval rejected: Send Dear all? by boss',
    ]);
    expect(failed.steps.get('ok')?.error?.hint).toBe('Reason: too short');
    const goesOn = await asked(one, [DRAFT, ask('on_reject: continue'), [...SEND, 'condition: answer.approved']]);
    await goesOn.decide('reject', 'no');
    expect((await goesOn.settle()).status).toBe('completed');
    expect(goesOn.state().steps.get('send')?.status).toBe('skipped');
  });

  it('that nobody decides expires at its time while the engine is open, too', async () => {
    const one = harness();
    await one.engine.recoverAll();
    const { state, settle } = await asked(one, [DRAFT, ask('expires_in: 24h', 'on_expire: continue'), SEND]);
    one.clock.advance(23 * HOUR);
    await settle();
    expect(state().status).toBe('waiting');
    one.clock.advance(HOUR);
    expect((await settle()).status).toBe('completed');
    expect(variables(state())).toMatchObject({ answer: { approved: false, status: 'expired' } });
    expect(one.bugs).toEqual([]);
  });

  it('that nobody decides expires at its time and leaves no human in the record', async () => {
    const one = harness();
    const { runId, state, settle } = await asked(one, [DRAFT, ask('expires_in: 24h', 'on_expire: continue'), SEND]);
    expect(state().wakeAt).toBe(one.clock.ports.now() + 24 * HOUR);
    const noted = await asked(one, [DRAFT, ask('expires_in: 24h'), SEND]);
    const next = restarted(one, 48 * HOUR);
    await next.engine.recoverAll();
    void settle;
    await noted.on(next.engine).settle();
    const ended = next.engine.stateOf(runId).state;
    expect([ended.status, ended.variables.get('answer')]).toEqual([
      'completed',
      expect.objectContaining({ approved: false, status: 'expired', approvals: [], rejections: [] }),
    ]);
    const failed = next.engine.stateOf(noted.runId).state;
    expect([failed.status, failed.steps.get('ok')?.error?.code]).toEqual(['failed', 'approval.expired']);
    expect(next.store.approvals.list({ limit: 10 }).map(({ status }) => status)).toEqual(['expired', 'expired']);
  });

  it('is void when what would be done is not what was approved, and is asked anew', async () => {
    const clock = new FakeClock();
    const one = harness({ clock });
    // Another lane changes the letter while it waits.
    const { state, settle, decide } = await asked(one, [
      DRAFT,
      ['id: change', 'wait: 5m', 'needs: [draft]'],
      ['id: again', 'action: workflow.set', 'inputs: {letter: "Dear nobody"}', 'needs: [change]'],
      [...ask(), 'needs: [draft]'],
      [...SEND, 'needs: [ok, again]'],
    ]);
    const before = question(state());
    await decide('approve');
    await settle();
    clock.advance(300_000);
    const changed = await settle();
    expect([changed.status, changed.steps.get('ok')?.status]).toEqual(['waiting', 'waiting']);
    const after = question(changed);
    expect([after.round, after.hash === before.hash, after.subject.steps[0]?.inputs]).toEqual([
      2,
      false,
      { value: expect.stringContaining('Dear nobody') },
    ]);
    expect(paths()).toEqual(['draft']);
    expect(
      one.store.approvals
        .list({ limit: 10 })
        .map(({ status }) => status)
        .sort(),
    ).toEqual(['cancelled', 'pending']);
    await decide('approve');
    expect((await settle()).status).toBe('completed');
    expect(calls.at(-1)?.inputs.value).toContain('Dear nobody');
  });

  describe('when the tool of what was approved says something else of itself meanwhile', () => {
    /** A tool of a registry: what it says counts once a person has accepted it. */
    function changing() {
      const sent: string[] = [];
      const says = { accepted: 'one', now: 'one', waiting: null as string | null };
      const mail: typeof tool = {
        ...tool,
        name: 'mail',
        operations: ['send'],
        describes: () => says.waiting ?? says.accepted,
        execute: ({ path }) => {
          if (says.now !== says.accepted) {
            says.waiting = says.now;
            throw new AppError('tool.changed', 'The tool says something else.', {
              details: { tool: 'mail', added: [], removed: ['draft'], changed: ['send'] },
            });
          }
          sent.push(path);
          return { output: null };
        },
      };
      const one = openHarness({ tools: [tool, mail] });
      opened.push(one);
      return { one, sent, says };
    }
    const MAIL = ['id: send', 'action: mail.send', 'inputs: {value: "{{ letter }}"}'];
    const reopened = (one: ReturnType<typeof harness>, runId: string) =>
      one.store.journal
        .readRun(runId)
        .flatMap(({ event }) => (event.type === 'approval.reopened' ? [event.comment] : []));

    it('it is void, says how, and is asked anew; accepted and approved it is done once', async () => {
      const { one, sent, says } = changing();
      const { runId, state, settle, decide } = await asked(one, [DRAFT, ask(), MAIL]);
      const before = question(state());
      says.now = 'two';
      await decide('approve');
      const again = await settle();
      expect([again.status, again.waitsFor, question(again).round, sent]).toEqual(['waiting', 'approval', 2, []]);
      expect(question(again).hash === before.hash).toBe(false);
      expect(reopened(one, runId)).toEqual(['The tool says something else. removed: draft; changed: send']);
      // Whoever approves it unseen is asked once more: nothing is called that nobody has accepted.
      await decide('approve');
      expect([question(await settle()).round, sent]).toEqual([3, []]);
      Object.assign(says, { accepted: 'two', waiting: null });
      await decide('approve');
      expect([(await settle()).status, sent]).toEqual(['completed', ['send']]);
      expect(one.bugs).toEqual([]);
    });

    it('also when that was accepted before the decision', async () => {
      const { one, sent, says } = changing();
      const { runId, settle, decide } = await asked(one, [DRAFT, ask(), MAIL]);
      Object.assign(says, { now: 'two', accepted: 'two' });
      await decide('approve');
      expect([question(await settle()).round, sent]).toEqual([2, []]);
      expect(reopened(one, runId)).toEqual([
        "What 'mail.send' says of itself is not what it said when this was approved.",
      ]);
      await decide('approve');
      expect([(await settle()).status, sent]).toEqual(['completed', ['send']]);
    });

    it('without an approval it fails as before', async () => {
      const { one, says } = changing();
      says.now = 'two';
      const state = await one.run(workflowText([['action: mail.send']]));
      expect([state.status, state.steps.get('step_1')?.error?.code]).toEqual(['failed', 'tool.changed']);
    });
  });

  it('is closed by the end of its run', async () => {
    const one = harness();
    const { runId, settle } = await asked(one);
    await one.engine.cancel(runId, TESTER);
    expect((await settle()).status).toBe('cancelled');
    expect(one.store.approvals.list({ limit: 10 })).toMatchObject([{ status: 'cancelled' }]);
    // Resumed it asks anew.
    await one.engine.resume(runId, TESTER);
    expect((await settle()).status).toBe('waiting');
    expect(
      one.store.approvals
        .list({ limit: 10 })
        .map(({ status }) => status)
        .sort(),
    ).toEqual(['cancelled', 'pending']);
  });

  it('does not count against the time limit of the run', async () => {
    const one = harness();
    const { settle, decide } = await asked(one, [DRAFT, ask(), SEND], ['execution: {timeout: 2m}']);
    one.clock.advance(24 * HOUR);
    await decide('approve');
    expect((await settle()).status).toBe('completed');
  });

  it('sends the proposal back to its agent with the comment, and asks about the new one', async () => {
    const seen: JsonMap[] = [];
    const writer = ({ inputs }: ToolCall): Json => {
      seen.push(inputs);
      return seen.length === 1 ? 'Dear all' : 'Dear friends';
    };
    const one = harness({ agents: { agents: { writer } } });
    const { state, settle, decide } = await asked(one, [
      ['id: draft', 'action: agent.run', 'agent: writer', 'inputs: {task: Write}', 'output_variable: letter'],
      ask(),
      SEND,
    ]);
    await decide('revise', 'warmer');
    const again = await settle();
    expect([again.status, question(again).title, question(again).round]).toEqual(['waiting', 'Send Dear friends?', 2]);
    expect(seen[1]?.revision_request).toEqual({ answer: 'Dear all', comment: 'warmer', round: 2 });
    await decide('approve');
    expect((await settle()).status).toBe('completed');
    expect([state().succeeded, calls.map(({ inputs }) => inputs.value)]).toEqual([
      3,
      [expect.stringContaining('Dear friends')],
    ]);
    expect(one.store.approvals.list({ limit: 10 }).map(({ status, round }) => [status, round])).toEqual([
      ['approved', 2],
      ['cancelled', 1],
    ]);
  });

  it('sends nothing back where no agent has proposed anything', async () => {
    const one = harness();
    const { decide, settle } = await asked(one);
    await expect(decide('revise', 'shorter')).rejects.toMatchObject({ code: 'approval.no_revision' });
    expect((await settle()).status).toBe('waiting');
    expect(one.store.approvals.list({ limit: 10 })).toMatchObject([{ status: 'pending', round: 1 }]);
  });

  it('two hundred decisions that race the recovery: each run goes on once', async () => {
    const one = harness();
    const text = workflowText([ask().map((line) => line.replace('{{ letter }}', 'it')), ['id: send', 'action: t.say']]);
    const version = one.versionOf(text);
    const start = { version, inputs: {}, trigger: { type: 'manual' }, actor: TESTER } as const;
    const ids = (await Promise.all(Array.from({ length: 100 }, () => one.engine.start(start)))).map(
      ({ runId }) => runId,
    );
    await one.engine.allSettled();
    const next = restarted(one);
    const isOpen = (state: RunState): void => {
      if (state.steps.get('ok')?.waitpoint?.resolved !== null) throw new Error('decided');
    };
    const word = (runId: string, decision: 'approve' | 'reject') =>
      next.engine.decide(runId, { path: 'ok', id: 'x', decision, comment: '' }, isOpen, BOSS);
    const said = ids.flatMap((runId, at) =>
      at % 2 === 0 ? [word(runId, 'approve'), word(runId, 'reject')] : [word(runId, 'reject'), word(runId, 'approve')],
    );
    const [words] = await Promise.all([Promise.allSettled(said), next.engine.recoverAll()]);
    await next.engine.allSettled();
    expect(words.filter(({ status }) => status === 'fulfilled')).toHaveLength(100);
    const statuses = ids.map((id) => next.engine.stateOf(id).state.status);
    expect([
      statuses.filter((one) => one === 'completed').length,
      statuses.filter((one) => one === 'failed').length,
    ]).toEqual([50, 50]);
    expect(calls.filter(({ path }) => path === 'send')).toHaveLength(50);
    expect(next.bugs).toEqual([]);
  });
});
