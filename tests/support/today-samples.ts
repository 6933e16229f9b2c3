import type { ListedApproval, OutputOf } from '../../src/shared/contract/index.ts';
import type { RunStatus, RunSummary } from '../../src/shared/model/run.ts';
import type { FakeAnswers } from './fake-answers.ts';
import { triggerSamples } from './trigger-samples.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const runOf = (at: number, name: string, status: RunStatus, createdAt: number): RunSummary => ({
  runId: at.toString(16).padStart(32, '0'),
  workflowId: name.toLowerCase().replaceAll(' ', '-'),
  workflowName: name,
  workflowPath: `.aiworkflow/workflows/${name}.md`,
  versionHash: '0'.repeat(64),
  versionLabel: '1.4.0',
  status,
  outcome: status === 'completed' ? 'success' : status === 'failed' ? 'failed' : null,
  trigger: 'schedule',
  actor: 'system:schedule',
  createdAt,
  startedAt: createdAt,
  completedAt: status === 'completed' || status === 'failed' ? createdAt + 3 * MINUTE : null,
  workedMs: status === 'running' ? 0 : 3 * MINUTE,
  workingSince: status === 'running' ? createdAt : null,
  stepsTotal: 9,
  stepsSucceeded: status === 'running' ? 5 : 9,
  stepsFailed: 0,
  stepsSkipped: 0,
  currentStep: status === 'in_doubt' ? 'Post invoice 2025-1187 to the ledger' : 'Judge the change',
  agent: status === 'running' ? 'claude' : null,
  error:
    status === 'failed'
      ? { code: 'tool.failed', kind: 'external', retryable: true, message: 'The mail server refuses the sign-in' }
      : null,
  parentRunId: null,
  linkedRunId: null,
  waitsFor: null,
  wakeAt: null,
  hears: null,
  pauseRequested: false,
  cancelRequested: false,
  cost: { amount: '0', calls: 0, unpriced: 0 } as unknown as RunSummary['cost'],
});

const approvalOf = (at: number, title: string, workflowName: string, now: number): ListedApproval => ({
  id: at.toString(16).padStart(32, '0'),
  type: 'step',
  kind: null,
  runId: '9'.repeat(32),
  workflowId: 'refund',
  workflowName,
  stepPath: 'ask',
  requesterId: 'operations',
  title,
  status: 'pending',
  round: 1,
  createdAt: now - HOUR,
  expiresAt: now + at * 107 * MINUTE,
  resolvedAt: null,
  isAskedAgain: false,
  unmet: null,
  progress: null,
  isForReader: true,
});

/** A day of an office: what runs, failed, is in doubt, and what waits for a decision. */
export function todaySamples(): FakeAnswers {
  const now = Date.now();
  const runs: RunSummary[] = [
    ...['Dependency update', 'Incident response', 'Code review'].map((name, at) =>
      runOf(at, name, 'running', now - (at + 1) * 2 * MINUTE),
    ),
    runOf(10, 'Ledger export', 'in_doubt', now - 37 * MINUTE),
    ...Array.from({ length: 12 }, (_, at) => runOf(20 + at, 'Invoice triage', 'failed', now - at * 15 * MINUTE)),
    ...Array.from({ length: 2 }, (_, at) => runOf(40 + at, 'Email triage', 'failed', now - (at + 1) * HOUR)),
    ...Array.from({ length: 20 }, (_, at) => runOf(60 + at, 'Email triage', 'completed', now - (at + 3) * HOUR)),
    ...Array.from({ length: 4 }, (_, at) => runOf(90 + at, 'Backup check', 'completed', now - at * 6 * HOUR - HOUR)),
    ...Array.from({ length: 7 }, (_, at) => runOf(100 + at, 'Code review', 'completed', now - at * 2.7 * HOUR - HOUR)),
    runOf(120, 'Incident response', 'cancelled', now - 13 * HOUR),
  ];
  const list = (chosen: readonly RunSummary[]): OutputOf<'runs.list'> => ({
    runs: chosen,
    nextCursor: null,
    position: 1,
    interrupted: [],
  });
  const approvals = [
    approvalOf(1, 'Apply 3 major upgrades on main', 'Dependency update', now),
    approvalOf(3, 'Refund €1,240.00 to Hansen Logistik', 'Customer refunds', now),
  ];
  return {
    ...triggerSamples(11, 72),
    'runs.list': ({ status }) => list(runs.filter((run) => status === undefined || status.includes(run.status))),
    'failures.list': () => {
      const failed = runs.filter(({ status }) => status === 'failed');
      const of = (name: string, count: number) => ({ name, runs: count });
      return {
        causes: [
          {
            ...{ fingerprint: 'f'.repeat(32), message: failed[0]?.error?.message ?? '', runs: failed },
            ...{ workflows: [of('Invoice triage', 12), of('Email triage', 2)], newestAt: now + 3 * MINUTE },
          },
        ],
      };
    },
    'runs.counts': () => ({ total: runs.length, byStatus: { running: 3 }, needsPerson: 1 }),
    'approvals.counts': () => ({ pending: approvals.length, forReader: approvals.length }),
    'approvals.list': () => ({ approvals, pending: approvals.length }),
  };
}
