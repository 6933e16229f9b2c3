import { join } from 'node:path';
import { AuditLog } from '../../src/core/governance/audit/audit-log.ts';
import { openLabStore } from './audit-lab.ts';

/** `<folder> <before>`: removes the events of an audit that are older; `AIWORKFLOW_FAILPOINT` kills it on the way. */
const [folder = '', before = '0'] = process.argv.slice(2);
const store = openLabStore(folder);
const files = { keyFile: join(folder, 'user', 'key.pem'), headFile: join(folder, 'user', 'head.json') };
const log = await AuditLog.open({ audit: store.audit, files, now: () => 1_000_000, onBug: console.error });
await log.deleteBefore(Number(before), { kind: 'user', id: 'tester', door: 'cli' });
await log.close();
store.close();
