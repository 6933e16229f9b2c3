import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../shared/model/events.ts';
import { addRun, cleanUp, created, makeFolder, newRun, openStore, summary } from '../store.test-support.ts';
import type { AuditDraft } from './audit-writer.ts';

afterEach(cleanUp);

const draft = (more: Partial<AuditDraft> = {}): AuditDraft => ({
  type: 'config.changed',
  userId: 'tester',
  resourceType: 'trigger',
  resourceId: 'daily',
  action: 'triggers.arm',
  details: {},
  door: 'cli',
  ...more,
});

const ASKED = {
  id: 'a'.repeat(32),
  title: 'Send?',
  description: '',
  approvers: [],
  minApprovals: 1,
  requester: 'tester',
  round: 1,
  subject: { steps: [], proposalPath: null },
  hash: 'b'.repeat(64),
} as unknown as Extract<RunEvent, { type: 'waitpoint.opened' }>['approval'];

const asking: RunEvent = {
  type: 'waitpoint.opened',
  path: 'ask',
  attempt: 1,
  since: 0,
  dueAt: null,
  ...(ASKED === undefined ? {} : { approval: ASKED }),
};

describe('what a commit of a run writes into the audit', () => {
  it('the start, with whoever started it, in the same transaction', async () => {
    const store = openStore();
    await addRun(store, 'r1');
    expect(store.audit.query({}, { limit: 10, offset: 0 })).toEqual([
      expect.objectContaining({
        seq: 1,
        event_type: 'workflow.executed',
        user_id: 'tester',
        resource: 'workflow:flow',
        action: 'execute',
        door: 'cli',
        timestamp: new Date(1000).toISOString(),
        success: true,
        error_message: null,
        details: { inputs: {}, run_id: 'r1', trigger: 'manual', version_hash: 'h' },
      }),
    ]);
  });

  it('nothing of either when the audit cannot be written: what is refused there is not done', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    const other = new Database(join(folder, 'state.db'));
    other.exec(`CREATE TRIGGER no_audit BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END`);
    await expect(addRun(store, 'r1')).rejects.toThrow();
    expect(store.runs.list({ limit: 10 }).runs).toEqual([]);
    expect(store.journal.readRun('r1')).toEqual([]);
    other.exec('DROP TRIGGER no_audit');
    other.close();
    await addRun(store, 'r2');
    expect(store.audit.head()?.seq).toBe(1);
  });

  it.each([
    ['run.completed', 'workflow.completed', true],
    ['run.failed', 'workflow.failed', false],
    ['run.cancelled', 'workflow.cancelled', true],
  ] as const)('%s is %s', async (type, event_type, success) => {
    const store = openStore();
    const error =
      type === 'run.failed'
        ? { code: 'tool.failed' as const, message: 'It broke.', retryable: false, hint: null }
        : null;
    const end = {
      type,
      outcome: 'success',
      outputs: {},
      error,
      successConditions: [],
      warnings: [],
    } as unknown as RunEvent;
    await store.journal.append(newRun(store, { run: summary('r1'), events: [created(), end] }));
    const [last] = store.audit.query({}, { limit: 1, offset: 0 });
    expect(last).toMatchObject({ event_type, success, error_message: error === null ? null : 'It broke.' });
    expect(last?.details).toMatchObject({ run_id: 'r1', duration_seconds: 2, steps_succeeded: 1, steps_total: 1 });
  });

  it('a request, and that the end of its run closes it', async () => {
    const store = openStore();
    const end = { type: 'run.cancelled', outcome: null, outputs: {}, error: null, successConditions: [], warnings: [] };
    await store.journal.append(
      newRun(store, { run: summary('r1'), events: [created(), asking, end as unknown as RunEvent] }),
    );
    const said = store.audit.query({ resourceType: 'approval' }, { limit: 10, offset: 0 });
    expect(said.map(({ event_type, action, resource_id }) => [event_type, action, resource_id])).toEqual([
      ['approval.cancelled', 'void', ASKED?.id],
      ['approval.requested', 'request', ASKED?.id],
    ]);
  });

  it('a decision is written down once, as its own event', async () => {
    const store = openStore();
    const id = ASKED?.id ?? '';
    const events: RunEvent[] = [
      created(),
      asking,
      { type: 'approval.decided', path: 'ask', attempt: 1, id, decision: 'cancel', comment: 'not now' },
      { type: 'waitpoint.resolved', path: 'ask', attempt: 1, by: 'decision', status: 'cancelled' },
    ];
    await store.journal.append(newRun(store, { run: summary('r1'), events }));
    const said = store.audit.query({ eventType: { type: 'approval.cancelled' } }, { limit: 10, offset: 0 });
    expect(said).toEqual([
      expect.objectContaining({ action: 'cancel', details: expect.objectContaining({ comment: 'not now' }) }),
    ]);
  });

  it('calls that cannot simply be made again, and no others', async () => {
    const store = openStore();
    const done = (path: string): RunEvent => ({
      type: 'step.completed',
      path,
      attempt: 1,
      output: null,
      outputs: null,
      variables: null,
      warnings: [],
    });
    const commit = newRun(store, { run: summary('r1'), events: [created(), done('send'), done('read')] });
    await store.journal.append({ ...commit, acts: new Map([['send', 'mail.send']]) });
    const said = store.audit.query({ resourceType: 'tool' }, { limit: 10, offset: 0 });
    expect(said.map(({ event_type, resource, details }) => [event_type, resource, details.step])).toEqual([
      ['tool.executed', 'tool:mail.send', 'send'],
    ]);
  });
});

describe('rows of the audit', () => {
  it('are neither changed nor removed', () => {
    const folder = makeFolder();
    const store = openStore(folder);
    store.audit.writer.write(draft(), 1);
    const other = new Database(join(folder, 'state.db'));
    expect(() => other.exec(`UPDATE audit SET user_id = 'x'`)).toThrow('the audit is never changed');
    expect(() => other.exec('DELETE FROM audit')).toThrow('the audit is removed only by a cut');
    other.close();
  });

  it('a number is never given again, also when somebody took the rows away', () => {
    const folder = makeFolder();
    const store = openStore(folder);
    for (let at = 1; at <= 3; at += 1) store.audit.writer.write(draft(), at);
    const other = new Database(join(folder, 'state.db'));
    other.exec('DROP TRIGGER audit_goes_only_by_a_cut; DELETE FROM audit WHERE seq > 1');
    expect(store.audit.writer.write(draft(), 4).seq).toBe(4);
    other.exec('DELETE FROM audit');
    other.close();
    expect(store.audit.writer.write(draft(), 5).seq).toBe(5);
  });

  it('long values stand there by their hash, the others as they are', () => {
    const store = openStore();
    store.audit.writer.write(draft({ details: { inputs: { long: 'x'.repeat(5000), short: 'y' }, list: 'z' } }), 1);
    const [event] = store.audit.query({}, { limit: 1, offset: 0 });
    expect(event?.details).toEqual({
      inputs: { long: { omitted_chars: 5000, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }, short: 'y' },
      list: 'z',
    });
  });

  it('are found by each field, and by text in any case', () => {
    const store = openStore();
    store.audit.writer.write(draft(), 1000);
    store.audit.writer.write(
      draft({ userId: 'ÄNNE', resourceType: 'tool', resourceId: 'mail', details: { change: 'revoked' } }),
      2000,
    );
    store.audit.writer.write(draft({ type: 'security.role_changed', details: { change: 'revoked' } }), 3000);
    const found = (filter: Parameters<typeof store.audit.count>[0]): number[] =>
      store.audit.query(filter, { limit: 10, offset: 0 }).map(({ seq }) => seq);
    expect(found({})).toEqual([3, 2, 1]);
    expect(found({ userId: 'tester' })).toEqual([3, 1]);
    expect(found({ resourceType: 'tool', resourceId: 'mail' })).toEqual([2]);
    expect(found({ since: 2000, until: 3000 })).toEqual([2]);
    expect(found({ text: 'änne' })).toEqual([2]);
    expect(found({ text: '%' })).toEqual([]);
    expect(found({ eventType: { type: 'security.role_changed', change: 'revoked' } })).toEqual([3]);
    expect(found({ eventType: { type: 'security.role_changed', change: 'assigned' } })).toEqual([]);
    expect(store.audit.count({ userId: 'tester' })).toBe(2);
    expect(store.audit.query({}, { limit: 1, offset: 1 }).map(({ seq }) => seq)).toEqual([2]);
  });
});
