import i18next from 'i18next';
import type { AuditExportPiece } from '../../shared/contract/index.ts';
import { showToast } from '../ui/toasts.tsx';
import { act } from './act.ts';
import { call } from './bridge.ts';
import { saveFile } from './save-file.ts';

/** An export as a file, piece by piece: each leaves the memory of the page for the browser's own. */
export async function readExport(
  first: AuditExportPiece,
  type: string,
): Promise<{ readonly file: Blob; readonly last: AuditExportPiece }> {
  const parts = [new Blob([first.text])];
  let piece = first;
  while (piece.cursor !== null) {
    piece = await call('audit.export', { cursor: piece.cursor });
    parts.push(new Blob([piece.text]));
  }
  return { file: new Blob(parts, { type }), last: piece };
}

/** The type of a file of lines of JSON. */
export const JSON_LINES = 'application/jsonl';

/** Saves the evidence pack of a run: one file, which seals itself and can be checked anywhere. */
export const saveEvidence = (runId: string): Promise<void> =>
  act(async () => {
    const { file } = await readExport(await call('audit.evidence', { runId }), JSON_LINES);
    const name = `evidence-${runId}.jsonl`;
    saveFile(name, file);
    showToast(i18next.t('everywhere:evidence.saved', { name }));
  });
