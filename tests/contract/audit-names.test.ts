import { describe, expect, it } from 'vitest';
import { OPERATIONS, type OperationName } from '../../src/shared/contract/index.ts';
import { AUDIT_TYPES, type AuditType } from '../../src/shared/model/audit.ts';

const names = Object.keys(OPERATIONS) as OperationName[];

/**
 * What needs more than a permission to read and is written down nowhere. Whoever adds a line says with it: nothing is different afterwards
 * for anybody but who asked.
 */
const LOOKING: readonly OperationName[] = [
  // Agents and tools are asked how they are.
  'agents.check',
  // The archive is for whoever asks; nothing is sent.
  'app.diagnostics',
  'app.planDiagnostics',
  // An upload is looked at in a folder of its own; the import is what counts.
  'bundles.convert',
  'bundles.discard',
  'bundles.inspect',
  'bundles.readStaged',
  'bundles.upload',
  // Settings hold addresses of others.
  'config.get',
  // A draft is his who writes it, and starts nothing; publishing it is what counts.
  'drafts.discard',
  'drafts.get',
  'drafts.save',
  // Files of the project, for whoever may put them back.
  'runs.readTake',
  'runs.readUndo',
  // Names of secrets, never a value.
  'secrets.list',
  // Sessions and tokens are listed to whoever keeps users.
  'sessions.list',
  'tokens.list',
  'tools.test',
];

describe('audit names of the contract', () => {
  it('every operation has a type of the audit, or says that it reads', () => {
    const known = new Set<string>([...AUDIT_TYPES, 'reads']);
    expect(names.filter((name) => !known.has(OPERATIONS[name].audit))).toEqual([]);
  });

  it('what says that it reads needs no more than a permission to read, but for what is named here', () => {
    const reading = names.filter((name) => OPERATIONS[name].audit === 'reads');
    expect(reading.filter((name) => !(OPERATIONS[name].permission ?? '').endsWith(':read')).sort()).toEqual(LOOKING);
  });

  it('the audit is read by nobody who is not written down', () => {
    const reading = names.filter((name) => OPERATIONS[name].permission === 'audit:read');
    expect(reading.map((name) => OPERATIONS[name].audit satisfies AuditType | 'reads')).toEqual(
      reading.map(() => 'custom'),
    );
  });
});
