import i18next from 'i18next';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { saveFile } from '../../client/save-file.ts';
import { showToast } from '../../ui/toasts.tsx';
import type { AuditQuestion } from './audit-address.ts';
import { filterOf } from './audit-store.ts';

export type AuditFormat = 'jsonl' | 'csv';

const TYPES: Readonly<Record<AuditFormat, string>> = { jsonl: 'application/jsonl', csv: 'text/csv;charset=utf-8' };

/** Saves what is asked for as a file, with its signed manifest beside it: both can be checked anywhere. */
export const exportEvents = (question: AuditQuestion, format: AuditFormat): Promise<void> =>
  act(async () => {
    const parts: Blob[] = [];
    let piece = await call('audit.export', { ...filterOf(question, Date.now()), format });
    parts.push(new Blob([piece.text]));
    while (piece.cursor !== null) {
      piece = await call('audit.export', { cursor: piece.cursor });
      parts.push(new Blob([piece.text]));
    }
    const { manifest } = piece;
    saveFile(`audit.${format}`, new Blob(parts, { type: TYPES[format] }));
    saveFile(
      `audit.${format}.manifest.json`,
      new Blob([`${JSON.stringify(manifest, null, 2)}\n`], { type: 'application/json' }),
    );
    showToast(i18next.t('admin:audit.exported', { count: manifest?.events ?? 0 }));
  });
