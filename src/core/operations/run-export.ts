import { writeFile } from 'node:fs/promises';
import type { ParsedInputOf } from '../../shared/contract/index.ts';
import type { OutgoingPiece } from '../../shared/model/outgoing.ts';
import type { Actor } from '../../shared/model/run.ts';
import type { ExportFormat } from '../../shared/model/run-report.ts';
import { reportHtml, reportMarkdown } from '../run-texts/index.ts';
import { actorText } from '../storage/index.ts';
import { openResult, requireRun } from './open-run.ts';
import { writePortableRun } from './portable-run.ts';
import type { ProjectSession } from './project-session.ts';
import { runReport } from './run-report.ts';

const TYPES: Readonly<Record<ExportFormat, string>> = {
  zip: 'application/zip',
  html: 'text/html',
  json: 'application/json',
  md: 'text/markdown',
};

/** A run as a file for others, without secrets (SPEC §9 "Export of a run"). Errors: `run.not_found`, `file.*`. */
export async function exportRun(
  session: ProjectSession,
  input: ParsedInputOf<'runs.export'>,
  actor: Actor,
): Promise<OutgoingPiece> {
  if ('cursor' in input) return session.exchange.outgoing.next(input.cursor);
  const { runId, format } = input;
  requireRun(session, runId);
  // Who takes a run along is written down, like who takes the audit along.
  session.audit.write({
    ...{ type: 'custom', userId: actorText(actor), resourceType: 'run', resourceId: runId, action: 'runs.export' },
    ...{ details: { format }, door: actor.door },
  });
  // Whoever does not know the secrets cannot take them out.
  await session.secrets.warm();
  if (format === 'zip')
    return session.exchange.outgoing.offer({ name: `${runId}.zip`, mimeType: TYPES.zip }, (path) =>
      writePortableRun(session, { runId, actor, version: session.exchange.version }, path),
    );
  const report = await runReport(session, { ...(await openResult(session, runId)), actor });
  const text = {
    html: () => reportHtml(report),
    json: () => `${JSON.stringify(report, null, 2)}\n`,
    md: () => reportMarkdown(report),
  }[format]();
  return session.exchange.outgoing.offer({ name: `${runId}.${format}`, mimeType: TYPES[format] }, (path) =>
    writeFile(path, text, { mode: 0o600 }),
  );
}
