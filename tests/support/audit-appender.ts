import { labDraft, openLabStore } from './audit-lab.ts';

/** `<folder> <who> <count>`: a process that writes into the audit of a folder while others do. */
const [folder = '', who = '', count = '0'] = process.argv.slice(2);
const store = openLabStore(folder);
for (let number = 1; number <= Number(count); ) {
  try {
    store.audit.writer.write(labDraft(number, who), number * 1000);
    number += 1;
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'SQLITE_BUSY') throw error;
  }
}
store.close();
