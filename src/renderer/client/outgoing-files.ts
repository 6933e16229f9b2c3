import i18next from 'i18next';
import type { OutgoingPiece } from '../../shared/model/outgoing.ts';
import type { ExportFormat } from '../../shared/model/run-report.ts';
import { showToast } from '../ui/toasts.tsx';
import { act } from './act.ts';
import { fromBase64 } from './base64.ts';
import { call } from './bridge.ts';
import { saveFile } from './save-file.ts';

/** A file of the app, piece by piece: each leaves the memory of the page for the browser's own. */
async function readOutgoing(first: OutgoingPiece, next: (cursor: string) => Promise<OutgoingPiece>): Promise<Blob> {
  const parts: Blob[] = [];
  for (let piece = first; ; piece = await next(piece.cursor)) {
    parts.push(new Blob([fromBase64(piece.base64)]));
    if (piece.cursor === null) return new Blob(parts, { type: piece.mimeType });
  }
}

/** Saves the archive of diagnostics. */
export const saveDiagnostics = (): Promise<void> =>
  act(async () => {
    const first = await call('app.diagnostics', {});
    saveFile(first.name, await readOutgoing(first, (cursor) => call('app.diagnostics', { cursor })));
    showToast(i18next.t('everywhere:saved', { name: first.name }));
  });

/** Saves a run as a file for others. */
export const saveRun = (runId: string, format: ExportFormat): Promise<void> =>
  act(async () => {
    const first = await call('runs.export', { runId, format });
    saveFile(first.name, await readOutgoing(first, (cursor) => call('runs.export', { cursor })));
    showToast(i18next.t('everywhere:saved', { name: first.name }));
  });
