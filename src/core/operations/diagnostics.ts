import { readFile } from 'node:fs/promises';
import { arch, homedir, platform, release } from 'node:os';
import { basename } from 'node:path';
import type { DiagnosticsPart, DoctorReport } from '../../shared/contract/index.ts';
import type { OutgoingPiece } from '../../shared/model/outgoing.ts';
import { logFiles, scrub } from '../app-log/index.ts';
import { withoutSigns } from '../governance/index.ts';
import { redactFields } from '../redaction/index.ts';
import { writeZip } from '../zip/index.ts';
import type { ProjectSession } from './project-session.ts';

/** What diagnostics are made of beside the open project. */
export interface DiagnosticsContext {
  readonly session: ProjectSession;
  readonly version: string;
  readonly door: string;
  readonly userDataDir: string;
  readonly doctor: () => Promise<DoctorReport>;
}

const FAILED_RUNS = 50;

interface Part extends Omit<DiagnosticsPart, 'bytes'> {
  readonly text: string;
}

/** What an archive of diagnostics would hold, file by file. */
export async function planDiagnostics(context: DiagnosticsContext): Promise<readonly DiagnosticsPart[]> {
  return (await partsOf(context)).map(({ text, ...part }) => ({ ...part, bytes: Buffer.byteLength(text) }));
}

/** Makes the archive and gives its first piece. Errors: `file.*`. */
export async function makeDiagnostics(context: DiagnosticsContext): Promise<OutgoingPiece> {
  const { exchange, clock } = context.session;
  const parts = await partsOf(context);
  const day = new Date(clock.now()).toISOString().slice(0, 19).replace(/[-:]/g, '');
  return exchange.outgoing.offer({ name: `aiworkflow-diagnostics-${day}.zip`, mimeType: 'application/zip' }, (path) =>
    writeZip(
      path,
      parts.map(({ name, text }) => ({ path: name, bytes: Buffer.from(text) })),
    ),
  );
}

/** Nothing of what runs were given, said or made; no workflow, no secret, no name of the folder of the user. */
async function partsOf(context: DiagnosticsContext): Promise<readonly Part[]> {
  const { session, version, door, userDataDir, doctor } = context;
  const { store, config, settingsProblems, secrets, host } = session;
  await secrets.warm();
  const home = homedir();
  const clean = (text: string): string => scrub(withoutSigns(host.redact(text))).replaceAll(home, '~');
  const json = (value: unknown): string => `${JSON.stringify(redactFields(value), null, 2)}\n`;
  const app = {
    ...{ version, door, node: process.version, electron: process.versions.electron ?? null },
    system: { platform: platform(), release: release(), arch: arch() },
    runs: store.runs.countByStatus(),
    journal: store.journal.position,
  };
  const { runs } = store.runs.list({ status: ['failed'], limit: FAILED_RUNS });
  const failures = runs.map(({ runId, workflowId, completedAt, error }) => ({
    ...{ run_id: runId, workflow_id: workflowId, code: error?.code ?? null, message: error?.message ?? null },
    at: completedAt === null ? null : new Date(completedAt).toISOString(),
  }));
  const { total, database, logs, files, outputs, versions, freeOnDisk } = await session.storage.report();
  // An address may hold a password.
  const queue = { ...config.queue, ...maskedUrls(config.queue) };
  const made: Part[] = [
    { name: 'app.json', holds: 'app', text: json(app) },
    { name: 'doctor.json', holds: 'doctor', text: json(await doctor()) },
    {
      name: 'settings.json',
      holds: 'settings',
      text: json({ settings: { ...config, queue }, problems: settingsProblems }),
    },
    { name: 'failures.json', holds: 'failures', text: json(failures) },
    {
      name: 'storage.json',
      holds: 'storage',
      text: json({ total, database, logs, files, outputs, versions, freeOnDisk }),
    },
  ];
  for (const file of logFiles(userDataDir)) {
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text !== null) made.push({ name: `logs/${basename(file)}`, holds: 'log', text });
  }
  return made.map((part) => ({ ...part, text: clean(part.text) }));
}

const maskedUrls = (queue: ProjectSession['config']['queue']): object =>
  Object.fromEntries(
    (['redisUrl', 'rabbitmqUrl'] as const).map((name) => [name, queue[name] === null ? null : 'written, not shown']),
  );
