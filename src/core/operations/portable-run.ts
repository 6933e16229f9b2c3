import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { canonicalJson, type JsonMap } from '../../shared/json.ts';
import { PORTABLE_FORMAT, type PortableManifest } from '../../shared/model/portable-run.ts';
import type { Actor } from '../../shared/model/run.ts';
import { sha256Hex, startSha256 } from '../crypto/index.ts';
import { withoutSigns } from '../governance/index.ts';
import { redactFields } from '../redaction/index.ts';
import { actorText } from '../storage/index.ts';
import { writeZip } from '../zip/index.ts';
import { openResult } from './open-run.ts';
import type { ProjectSession } from './project-session.ts';

const MANIFEST = 'run.json';
const VERSION = 'version';
/** So many of the newest lines of a log go along. */
const MOST_LINES = 200_000;
const EVENTS_A_READ = 200;
const LINES_A_READ = 2_000;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

type Part = { sha256: string; bytes: number };

/**
 * Writes a run as one archive: its events, log, conversation, outputs and the version that it ran, with every secret that is known taken
 * out, and a hash over each part (SPEC §9 "Export of a run"). `folder` is for the parts and is gone afterwards. Errors: `run.not_found`,
 * `workflow.version_not_found`, `file.*`.
 */
export async function writePortableRun(
  session: ProjectSession,
  { runId, actor, version }: { readonly runId: string; readonly actor: Actor; readonly version: string },
  path: string,
): Promise<void> {
  const { store, clock, host, paths } = session;
  const { state, result } = await openResult(session, runId);
  const { created } = state;
  const folder = `${path}.parts`;
  const clean = <T>(value: T): T => withoutSigns(host.redact(redactFields(value)));
  const files: Record<string, Part> = {};
  const add = async (name: string, pieces: AsyncIterable<string> | Iterable<string>): Promise<void> => {
    files[name] = await writeHashed(join(folder, name), pieces);
  };
  try {
    await mkdir(join(folder, VERSION), { recursive: true, mode: 0o700 });
    await add('journal.jsonl', eventsOf(session, runId, clean));
    const first = Math.max(1, store.logs.total(runId) - MOST_LINES + 1);
    await add('log.jsonl', linesOf(session, runId, first, clean));
    await add('conversation.jsonl', entriesOf(session, runId, clean));
    await add('outputs.json', [json(clean({ outputs: state.outputs, result: result as unknown as JsonMap }))]);
    const leftOut: string[] = [];
    const archive = join(paths.archivesDir, created.versionHash);
    for (const name of await filesBelow(archive)) {
      const text = textOf(await readFile(join(archive, name)));
      if (text === null) leftOut.push(name);
      else {
        await mkdir(join(folder, VERSION, name, '..'), { recursive: true, mode: 0o700 });
        await add(`${VERSION}/${name}`, [withoutSigns(host.redact(text))]);
      }
    }
    const said = {
      ...({ format: 'aiworkflow-run', format_version: PORTABLE_FORMAT, app_version: version } as const),
      ...{ made_at: new Date(clock.now()).toISOString(), made_by: actorText(actor) },
      ...{ run_id: runId, workflow_id: created.workflowId, workflow_name: created.workflowName },
      ...{ version_hash: created.versionHash, left_out: leftOut, log_lines_left_out: first - 1, files },
    };
    const manifest: PortableManifest = { ...said, hash: hashOf(said) };
    await writeZip(path, [
      { path: MANIFEST, bytes: Buffer.from(json(manifest)) },
      ...Object.keys(files).map((name) => ({ path: name, file: join(folder, name) })),
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const hashOf = (manifest: Omit<PortableManifest, 'hash'>): string => sha256Hex(canonicalJson(manifest as JsonMap));

/** The text of a file; null = it is none. */
function textOf(bytes: Buffer): string | null {
  try {
    const text = UTF8.decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

/** Files below a folder, `/` separated. */
async function filesBelow(folder: string, inner = ''): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(folder, inner), { withFileTypes: true })) {
    const name = inner === '' ? entry.name : `${inner}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await filesBelow(folder, name)));
    else if (entry.isFile()) found.push(name);
  }
  return found;
}

async function writeHashed(path: string, pieces: AsyncIterable<string> | Iterable<string>): Promise<Part> {
  const hash = startSha256();
  let bytes = 0;
  const handle = await open(path, 'wx', 0o600);
  try {
    for await (const piece of pieces) {
      const buffer = Buffer.from(piece);
      hash.update(buffer);
      bytes += buffer.length;
      await handle.writeFile(buffer);
    }
  } finally {
    await handle.close();
  }
  return { sha256: hash.digestHex(), bytes };
}

type Clean = <T>(value: T) => T;
const lines = (values: readonly unknown[], clean: Clean): string =>
  values.map((value) => `${JSON.stringify(clean(value))}\n`).join('');

async function* eventsOf({ store }: ProjectSession, runId: string, clean: Clean): AsyncGenerator<string> {
  for (let seq = 0; ; ) {
    const events = store.journal.readRun(runId, seq, EVENTS_A_READ);
    yield lines(events, clean);
    if (events.length < EVENTS_A_READ) return;
    seq = events.at(-1)?.seq ?? seq;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function* linesOf({ store }: ProjectSession, runId: string, first: number, clean: Clean): AsyncGenerator<string> {
  for (let from = first; ; from += LINES_A_READ) {
    const page = store.logs.read(runId, { from, limit: LINES_A_READ });
    yield lines(page.lines, clean);
    if (page.lines.length < LINES_A_READ) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function* entriesOf({ store }: ProjectSession, runId: string, clean: Clean): AsyncGenerator<string> {
  for (let from = 1; ; from += LINES_A_READ) {
    const page = store.conversations.read(runId, { from, limit: LINES_A_READ });
    yield lines(page.entries, clean);
    if (page.entries.length < LINES_A_READ) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const unknownFile = (why: string, hint: string): AppError =>
  new AppError('run.file_unknown', `This file holds no run that can be shown: ${why}.`, { hint });
const damagedFile = (what: string): AppError =>
  new AppError('run.file_damaged', `The file of the run is damaged: ${what} is not what was written.`, {
    hint: 'Get the file once more, or let it be made anew.',
  });

/**
 * What an unpacked archive says that it is, with each of its parts held against its hash. Errors: `run.file_unknown` = no run, or of a
 * newer form; `run.file_damaged`.
 */
export async function readPortableRun(folder: string): Promise<PortableManifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => null);
  const manifest = text === null ? null : manifestOf(text);
  if (manifest === null)
    throw unknownFile(`it has no ${MANIFEST}`, "Make one with 'aiworkflow runs export RUN --format zip'.");
  if (manifest.format_version > PORTABLE_FORMAT)
    throw unknownFile('it was made by a newer version of the app', 'Update the app.');
  const { hash, ...said } = manifest;
  if (hashOf(said) !== hash) throw damagedFile(MANIFEST);
  const there = new Set((await filesBelow(folder)).filter((name) => name !== MANIFEST));
  for (const [name, part] of Object.entries(manifest.files)) {
    if (!there.delete(name) || (await hashOfFile(join(folder, name))) !== part.sha256) throw damagedFile(name);
  }
  const [more] = there;
  if (more !== undefined) throw damagedFile(more);
  return manifest;
}

function manifestOf(text: string): PortableManifest | null {
  try {
    const manifest = JSON.parse(text) as Partial<PortableManifest> | null;
    const isOne =
      manifest?.format === 'aiworkflow-run' &&
      typeof manifest.format_version === 'number' &&
      typeof manifest.run_id === 'string' &&
      typeof manifest.version_hash === 'string' &&
      typeof manifest.files === 'object';
    return isOne ? (manifest as PortableManifest) : null;
  } catch {
    return null;
  }
}

async function hashOfFile(path: string): Promise<string> {
  const hash = startSha256();
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digestHex();
}
