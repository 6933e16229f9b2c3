import i18next from 'i18next';
import { act } from '../../client/act.ts';
import { JSON_LINES, readExport } from '../../client/audit-files.ts';
import { call } from '../../client/bridge.ts';
import { saveFile } from '../../client/save-file.ts';
import { showToast } from '../../ui/toasts.tsx';
import type { AuditQuestion } from './audit-address.ts';
import { filterOf } from './audit-store.ts';

export type AuditFormat = 'jsonl' | 'csv';

const TYPES: Readonly<Record<AuditFormat, string>> = { jsonl: JSON_LINES, csv: 'text/csv;charset=utf-8' };

/** Saves what is asked for as a file, with its signed manifest beside it: both can be checked anywhere. */
export const exportEvents = (question: AuditQuestion, format: AuditFormat): Promise<void> =>
  act(async () => {
    const first = await call('audit.export', { ...filterOf(question, Date.now()), format });
    const { file, last } = await readExport(first, TYPES[format]);
    const { manifest } = last;
    saveFile(`audit.${format}`, file);
    saveFile(
      `audit.${format}.manifest.json`,
      new Blob([`${JSON.stringify(manifest, null, 2)}\n`], { type: 'application/json' }),
    );
    showToast(i18next.t('admin:audit.exported', { count: manifest?.events ?? 0 }));
  });
