import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserWindow } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeControlCenter, type FakeControlCenter } from '../../../tests/support/doors/fake-control-center.ts';
import type { LiveEvent } from '../../shared/contract/index.ts';
import { DEFAULT_DESKTOP_SETTINGS } from '../../shared/model/desktop.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { allKept } from '../kept-json.ts';
import { openSettings, type SettingsKeeper } from '../settings-keeper.ts';
import { startDesktopNotices } from './desktop-notices.ts';

type Listener = (...args: unknown[]) => void;
const desk = vi.hoisted(() => ({
  shown: [] as { options: Record<string, unknown>; on: Map<string, Listener>; isClosed: boolean }[],
  activate: null as Listener | null,
  /** Whether the system shows notices of this app at all. */
  isAllowed: true,
}));
vi.mock('electron', () => ({
  Notification: class {
    static isSupported = () => desk.isAllowed;
    static handleActivation = (listener: Listener) => {
      desk.activate = listener;
    };
    readonly made;
    constructor(options: Record<string, unknown>) {
      this.made = { options, on: new Map<string, Listener>(), isClosed: false };
    }
    on(event: string, listener: Listener) {
      this.made.on.set(event, listener);
    }
    show() {
      desk.shown.push(this.made);
    }
    close() {
      this.made.isClosed = true;
    }
  },
}));

const ID = 'a'.repeat(32);
const HASH = 'b'.repeat(64);
const step = { name: 'Post it', action: 'chat.post', inputs: { to: 'ops' }, effect: 'idempotent', isExact: true };
const request = {
  ...{ id: ID, title: 'Post the summary', description: '', hash: HASH, kind: null, workflowName: 'Standup' },
  ...{ steps: [step], act: null, minApprovals: 1, proposal: null, status: 'pending', approvals: [], rejections: [] },
  actions: { decide: { enabled: true }, reject: { enabled: true } },
};
const runOf = (some: Partial<RunSummary>): LiveEvent =>
  ({
    kind: 'run',
    run: {
      ...{ runId: 'r1', workflowId: 'w', workflowName: 'Triage', parentRunId: null, waitsFor: null, actor: 'me' },
      ...{ trigger: 'manual', completedAt: null, currentStep: 'send', error: null, status: 'running', ...some },
    },
  }) as unknown as LiveEvent;

describe('notices of the desktop app', () => {
  let center: FakeControlCenter;
  let settings: SettingsKeeper;
  let folder: string;
  let stop: () => void;
  let pending: unknown[];
  let detail: Record<string, unknown>;
  let decided: unknown[];
  let refusal: string | null;
  const opened: string[] = [];
  const window = {
    ...{ isMinimized: () => false, show: () => undefined, focus: () => undefined },
    loadURL: async (url: string) => void opened.push(url.slice(url.indexOf('#') + 1)),
  } as unknown as BrowserWindow;
  const start = (platform: string): void => {
    stop = startDesktopNotices({
      ...{ center, settings, folder, platform, window },
      actor: { kind: 'user', id: 'me', door: 'desktop' },
    });
  };
  const titles = (): readonly unknown[] => desk.shown.map(({ options }) => options.title);
  /** A click on a toast, as Windows tells of it. */
  const click = (told: string, actionIndex: number): void =>
    desk.activate?.({ type: 'action', arguments: told, actionIndex });
  const idOf = (at: number): string => String(desk.shown.at(at)?.options.id);
  /** A request comes after the first look. */
  const ask = async (): Promise<void> => {
    await vi.waitFor(() => expect(center.entered.map(({ name }) => name)).toContain('approvals.list'));
    pending = [request];
    center.publish([{ kind: 'approvals' }]);
    await vi.waitFor(() => expect(titles()).toContain('Post the summary?'));
  };
  beforeEach(() => {
    desk.shown.length = 0;
    desk.activate = null;
    desk.isAllowed = true;
    opened.length = 0;
    [pending, decided, refusal, detail] = [[], [], null, request];
    folder = mkdtempSync(join(tmpdir(), 'notices-'));
    settings = openSettings(folder);
    center = createFakeControlCenter();
    center.respond = async ({ name, input }) => {
      if (name === 'approvals.list') return { ok: true, value: { approvals: pending } };
      if (name === 'approvals.get') return { ok: true, value: detail };
      if (name === 'occurrences.list')
        return {
          ok: true,
          value: { occurrences: [{ triggerKey: 'triage/daily', plannedAt: 1, at: Date.now() + 1, evidence: {} }] },
        };
      decided.push([name, input]);
      return refusal === null
        ? { ok: true, value: { runId: null, runStatus: null } }
        : {
            ok: false,
            error: {
              code: 'approval.changed',
              kind: 'conflict',
              message: refusal,
              retryable: false,
              hint: 'Look again.',
            },
          };
    };
  });
  afterEach(async () => {
    await allKept();
    stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('tell once what happened, each kind as it is set, one a screen', async () => {
    start('linux');
    const failed = { status: 'failed', completedAt: Date.now() + 1, error: { code: 'tool.failed', message: 'No.' } };
    center.publish([
      runOf({ status: 'in_doubt' }),
      runOf({ status: 'in_doubt' }),
      runOf({ ...failed, runId: 'r2' } as Partial<RunSummary>),
      runOf({ ...failed, runId: 'r3' } as Partial<RunSummary>),
      runOf({ ...failed, runId: 'r4', parentRunId: 'r3' } as Partial<RunSummary>),
      runOf({ ...failed, runId: 'r5', workflowId: 'x', workflowName: 'Other', completedAt: 5 } as Partial<RunSummary>),
      runOf({ runId: 'r6', status: 'completed', completedAt: Date.now() + 1 }),
    ]);
    // Twelve runs that fail for one cause tell it once; own runs that end are told where somebody asked for that.
    expect(titles()).toEqual(['Triage stands in doubt', 'Triage has failed']);
    expect(desk.shown.map(({ options }) => options.silent)).toEqual([false, true]);
    settings.change({ notices: { ...DEFAULT_DESKTOP_SETTINGS.notices, own_run: { shows: true, sounds: true } } });
    center.publish([runOf({ runId: 'r7', status: 'completed', completedAt: Date.now() + 1 }), { kind: 'triggers' }]);
    await vi.waitFor(() => expect(titles().slice(2)).toEqual(['Triage is done', 'triage: a start was missed']));
    center.desktop.show({ title: 'Full', text: '', path: '/costs', kind: 'budget', isUrgent: true });
    center.desktop.show({ title: 'Fuller', text: '', path: '/costs', kind: 'budget', isUrgent: true });
    expect(desk.shown.at(-2)).toMatchObject({ options: { title: 'Full' }, isClosed: true });
    desk.shown.at(-1)?.on.get('click')?.();
    expect(opened).toEqual(['/costs']);
  });

  it('are left out where the system forbids them, without harm; what comes once they are allowed is told', async () => {
    start('linux');
    desk.isAllowed = false;
    center.publish([runOf({ status: 'in_doubt' })]);
    center.desktop.show({ title: 'Full', text: '', path: '/costs', kind: 'budget', isUrgent: true });
    expect(desk.shown).toEqual([]);
    desk.isAllowed = true;
    center.publish([runOf({ runId: 'r2', workflowId: 'x', workflowName: 'Other', status: 'in_doubt' })]);
    expect(titles()).toEqual(['Other stands in doubt']);
  });

  it('wait for the end of quiet hours, but for what cannot wait, and are one then', async () => {
    vi.useFakeTimers({ now: new Date(2026, 10, 16, 22, 0), toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    try {
      settings.change({ quiet: { ...DEFAULT_DESKTOP_SETTINGS.quiet, isOn: true } });
      start('linux');
      const notice = { text: '', kind: 'run_failed', isUrgent: false } as const;
      center.desktop.show({ ...notice, title: 'one', path: '/runs/1' });
      center.desktop.show({ ...notice, title: 'two', path: '/runs/2' });
      center.publish([runOf({ status: 'in_doubt' })]);
      expect(titles()).toEqual(['Triage stands in doubt']);
      vi.advanceTimersByTime(9.5 * 3_600_000);
      expect(desk.shown.at(-1)?.options).toMatchObject({
        ...{ title: '2 notices came in the quiet hours', body: 'one; two' },
      });
    } finally {
      vi.useRealTimers();
    }
  });

  it('have buttons where the system tells of them later too; they carry the hash that was shown', async () => {
    start('win32');
    await ask();
    expect(desk.shown[0]?.options).toMatchObject({
      body: 'Post it: chat.post {"to":"ops"}',
      actions: ['Approve', 'Reject', 'Open'].map((text) => ({ type: 'button', text })),
    });
    const press = (actionIndex: number): void => click(`type=action&tag=${idOf(0)}`, actionIndex);
    press(0);
    await vi.waitFor(() =>
      expect(decided).toEqual([['approvals.approve', { id: ID, hash: HASH, comment: '', read: [] }]]),
    );
    await vi.waitFor(() => expect(desk.shown[0]?.isClosed).toBe(true));
    press(2);
    expect(opened).toEqual([`/approvals?id=${ID}`]);
    // Another has decided in the meantime, and a toast of the Action Center is pressed.
    refusal = 'It has been decided.';
    detail = { ...request, status: 'approved', approvals: [{ approver_id: 'support-lead' }] };
    press(1);
    await vi.waitFor(() => expect(titles()).toContain('Already approved by support-lead'));
    expect(decided.at(-1)).toEqual(['approvals.reject', expect.objectContaining({ hash: HASH })]);
    // It is another question by now.
    detail = request;
    press(0);
    await vi.waitFor(() => expect(titles()).toContain('Nothing was decided'));
    expect(desk.shown.at(-1)?.options.body).toBe('It has been decided. Look again.');
  });

  it('are remembered by the next start, for a button that starts the app; nonsense only opens it', async () => {
    start('win32');
    await ask();
    const id = idOf(0);
    stop();
    await vi.waitFor(() => expect(readFileSync(join(folder, 'notices.json'), 'utf8')).toContain(id));
    start('win32');
    click(`tag=${id}`, 0);
    await vi.waitFor(() =>
      expect(decided).toContainEqual(['approvals.approve', expect.objectContaining({ id: ID, hash: HASH })]),
    );
    decided.length = 0;
    for (const told of ['', 'tag=1', `tag=${'f'.repeat(32)}`]) click(told, 0);
    expect([decided, opened]).toEqual([[], ['/today', '/today', '/today']]);
  });

  it.each([
    ['more than one step follows', { steps: [step, step] }],
    ['it cannot be done once more', { steps: [{ ...step, effect: 'effect' }] }],
    ['it is not known to the letter', { steps: [{ ...step, isExact: false }] }],
    ['others have to agree', { minApprovals: 2 }],
    ['it does not fit', { steps: [{ ...step, inputs: { text: 'x'.repeat(200) } }] }],
    ['one may not decide', { actions: { ...request.actions, decide: { enabled: false, reason: 'No.' } } }],
  ])('can only be opened where %s', async (_why, some) => {
    detail = { ...request, ...some };
    start('win32');
    await ask();
    expect(desk.shown[0]?.options.actions).toEqual([{ type: 'button', text: 'Open' }]);
    click(`tag=${idOf(0)}`, 0);
    expect([decided, opened]).toEqual([[], [`/approvals?id=${ID}`]]);
  });

  it.each([
    ['darwin', [{ type: 'button', text: 'Open' }], 'action'],
    ['linux', undefined, 'click'],
  ])('decide nothing on %s, which forgets its buttons: they can be opened', async (platform, actions, event) => {
    start(platform);
    await ask();
    expect(desk.shown[0]?.options.actions).toEqual(actions);
    desk.shown[0]?.on.get(event)?.();
    expect([decided, opened, desk.activate]).toEqual([[], [`/approvals?id=${ID}`], null]);
  });
});
