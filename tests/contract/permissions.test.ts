import { describe, expect, it } from 'vitest';
import { OPERATIONS, type OperationName } from '../../src/shared/contract/index.ts';

const names = Object.keys(OPERATIONS) as OperationName[];
const isReading = (name: OperationName): boolean => OPERATIONS[name].permission?.endsWith(':read') === true;

/**
 * Everything that a viewer may do (SPEC §12.1). Whoever adds a line says with it: this changes no file, no run, no setting, and sends
 * nothing to anybody. Doing something is an operation of its own, with a permission of its own.
 */
const READING: readonly OperationName[] = [
  'access.me',
  'agents.info',
  'agents.list',
  'app.follow',
  'app.info',
  'app.tray',
  'approvals.counts',
  'approvals.get',
  'approvals.list',
  'audit.evidence',
  'audit.export',
  'audit.query',
  'audit.verify',
  'bundles.checkExport',
  'bundles.info',
  'bundles.list',
  'bundles.validate',
  'cassettes.list',
  'cassettes.planFork',
  'cassettes.report',
  'costs.burnDown',
  'costs.compare',
  'costs.estimate',
  'costs.limits',
  'costs.planReprice',
  'costs.questions',
  'costs.records',
  'costs.spend',
  'costs.summary',
  'deliveries.get',
  'deliveries.inputs',
  'deliveries.list',
  'doctor.run',
  'drafts.list',
  'examples.list',
  'failures.list',
  'metrics.export',
  'metrics.run',
  'metrics.show',
  'occurrences.counts',
  'occurrences.list',
  'queue.check',
  'queue.list',
  'queue.messages',
  'queue.status',
  'roles.list',
  'runs.compare',
  'runs.conversation',
  'runs.counts',
  'runs.earlierOutput',
  'runs.events',
  'runs.export',
  'runs.files',
  'runs.firstError',
  'runs.foreign',
  'runs.get',
  'runs.list',
  'runs.log',
  'runs.logText',
  'runs.plan',
  'runs.planReplay',
  'runs.planRetry',
  'runs.planRollback',
  'runs.planTake',
  'runs.planUndo',
  'runs.readFile',
  'runs.result',
  'runs.search',
  'runs.searchLog',
  'runs.statistics',
  'runs.step',
  'runs.totals',
  'runs.turn',
  'runs.turns',
  'schedules.foresee',
  'storage.backups',
  'storage.pins',
  'storage.plan',
  'storage.show',
  'tools.list',
  'tools.show',
  'triggers.calendar',
  'triggers.get',
  'triggers.list',
  'triggers.missed',
  'triggers.unready',
  'trust.show',
  'users.list',
  'versions.compare',
  'versions.source',
  'wake.show',
  'watches.list',
  'webhooks.list',
  'workflows.check',
  'workflows.complete',
  'workflows.get',
  'workflows.list',
  'workflows.names',
  'workflows.validate',
];

describe('permissions of the contract', () => {
  it('signing in and out is all that nobody needs to be known for', () => {
    expect(names.filter((name) => OPERATIONS[name].permission === null)).toEqual(['sessions.open', 'sessions.close']);
  });

  it('only what looks and does nothing needs no more than a permission to read', () => {
    expect(names.filter(isReading).sort()).toEqual(READING);
  });

  it('what is audited because it changes something needs more than that', () => {
    // Reading the audit is written down although it changes nothing (SPEC §12.3), and so is who takes a run along.
    const onlyLooks = (name: OperationName): boolean =>
      OPERATIONS[name].permission === 'audit:read' || name === 'runs.export';
    const changing = names.filter((name) => OPERATIONS[name].audit !== 'reads' && !onlyLooks(name));
    expect(changing.filter(isReading)).toEqual([]);
  });

  it('an operation that only looks takes no word that would make it act', () => {
    const words = /fix|force|write|save|delete|apply|repair/;
    const shapes = READING.map((name) => [name, JSON.stringify(OPERATIONS[name].input.toJSONSchema())] as const);
    expect(shapes.filter(([, shape]) => words.test(shape)).map(([name]) => name)).toEqual([]);
  });
});
