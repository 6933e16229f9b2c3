import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeZip } from '../../src/core/zip/index.ts';
import type { OutgoingPiece } from '../../src/shared/model/outgoing.ts';
import type { RunReport } from '../../src/shared/model/run-report.ts';
import { LocalProject } from '../support/local-project.ts';

/** SPEC §9 "Export of a run": what leaves holds no secret, and what comes from elsewhere can only be looked at. */
const SECRET = 'hunter2-planted-key';
const HOSTILE = "<script>document.title='owned'</script>";
let here: LocalProject;
let there: LocalProject;
beforeEach(() => {
  here = new LocalProject();
  there = new LocalProject();
});
afterEach(() => Promise.all([here.close(), there.close()]));

/** A run with a large value, lines, a loop and a secret in all of it. */
async function makeRun(): Promise<string> {
  here.write('.env', `SUM_API_KEY=${SECRET}\n`);
  here.addWorkflow(
    'report',
    [
      ['action: workflow.log', `inputs: {message: "key ${SECRET} ${HOSTILE}"}`],
      ['for_each: [1, 2, 3]', 'steps:', '  - action: workflow.noop'],
      ['action: workflow.set_outputs', `inputs: {large: "${'z'.repeat(300_000)}", said: "{{ inputs.said }}"}`],
    ],
    ['inputs: [{name: said, type: string}]'],
  );
  return here.run('report', { said: `${HOSTILE} ${SECRET}` });
}

async function bytesOf(project: LocalProject, first: OutgoingPiece): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let piece = first; ; piece = await project.call('runs.export', { cursor: piece.cursor })) {
    parts.push(Buffer.from(piece.base64, 'base64'));
    if (piece.cursor === null) break;
  }
  const all = Buffer.concat(parts);
  expect(all.length).toBe(first.sizeBytes);
  return all;
}

async function upload(project: LocalProject, bytes: Buffer): Promise<string> {
  const files = [{ path: 'run.zip', base64: bytes.toString('base64') }];
  return (await project.call('bundles.upload', { name: 'run.zip', files })).uploadId;
}

describe('reports', () => {
  it('say what the run did in three forms, without secrets, and leave nothing behind', async () => {
    const runId = await makeRun();
    const texts: Record<string, string> = {};
    for (const format of ['html', 'md', 'json'] as const) {
      const first = await here.call('runs.export', { runId, format });
      expect(first.name).toBe(`${runId}.${format}`);
      texts[format] = (await bytesOf(here, first)).toString();
      expect(texts[format]).toContain(runId);
      expect(texts[format]).not.toContain(SECRET);
    }
    expect(texts.html).not.toContain('<script');
    const report = JSON.parse(texts.json ?? '') as RunReport;
    expect(report).toMatchObject({
      format: 'aiworkflow-report',
      format_version: 1,
      status: 'completed',
      log_left_out: 0,
    });
    expect((report.outputs.large as string).length).toBe(300_000);
    expect(report.log.some(({ message }) => message.includes(HOSTILE))).toBe(true);
    const { events } = await here.call('audit.query', { resourceType: 'run', resourceId: runId, text: 'runs.export' });
    expect(events.map(({ details }) => details.format)).toEqual(['json', 'md', 'html']);
    const staging = readdirSync(join(here.path, '.aiworkflow/state/staging'));
    expect(staging).toEqual([]);
    await expect(here.call('runs.export', { runId: 'none', format: 'md' })).rejects.toMatchObject({
      code: 'run.not_found',
    });
  });
});

describe('a portable run', () => {
  it('is seen in another control center as where it ran; nothing can be done with it, and nothing there counts it', async () => {
    const runId = await makeRun();
    const bytes = await bytesOf(here, await here.call('runs.export', { runId, format: 'zip' }));
    await there.center();
    expect(await there.call('runs.openFile', { uploadId: await upload(there, bytes) })).toEqual({ runId });
    const [own, other] = [await here.call('runs.get', { runId }), await there.call('runs.get', { runId })];
    expect(other.foreign).toMatchObject({ madeBy: 'tester', openedBy: 'tester', appVersion: '0.0.0' });
    expect(Object.values(other.actions).every(({ enabled }) => !enabled)).toBe(true);
    expect(other.steps).toEqual(own.steps);
    expect(other.run).toEqual(own.run);
    expect(JSON.stringify(other)).not.toContain(SECRET);
    // What was given by somebody who knew no better is hidden, too.
    const given = JSON.stringify((await here.call('runs.result', { runId })).final_output);
    expect(JSON.stringify((await there.call('runs.result', { runId })).final_output)).toBe(
      given.replaceAll(SECRET, '[redacted]'),
    );
    expect(await there.call('runs.log', { runId })).toEqual(await here.call('runs.log', { runId }));
    expect((await there.call('runs.events', { runId })).total).toBe((await here.call('runs.events', { runId })).total);
    expect(await there.call('runs.files', { runId })).toMatchObject({ files: [] });

    for (const [name, more] of [
      ['runs.resume', {}],
      ['runs.retry', {}],
      ['runs.replay', {}],
      ['runs.cancel', {}],
      ['runs.delete', {}],
      ['runs.resolve', { path: 'a', as: 'completed' }],
      ['runs.export', { format: 'html' }],
    ] as const)
      await expect(there.call(name, { runId, ...more } as never)).rejects.toMatchObject({ code: 'run.foreign' });
    expect((await there.call('runs.list', {})).runs).toEqual([]);
    expect((await there.call('runs.counts', {})).total).toBe(0);
    expect((await there.call('runs.search', { text: 'document.title' })).runs).toEqual([]);
    expect(JSON.stringify(await there.call('metrics.show', {}))).not.toContain('report');
    await there.reopen(true);
    expect((await there.call('runs.foreign', {})).runs).toMatchObject([{ run: { runId }, madeBy: 'tester' }]);
    expect((await there.call('runs.get', { runId })).run.status).toBe('completed');
    // Once more is the same, not a second one.
    await there.call('runs.openFile', { uploadId: await upload(there, bytes) });
    expect((await there.call('runs.foreign', {})).runs).toHaveLength(1);
    await there.call('runs.closeFile', { runId });
    await expect(there.call('runs.get', { runId })).rejects.toMatchObject({ code: 'run.not_found' });
    const left = readdirSync(join(there.path, '.aiworkflow/state/foreign'), { recursive: true, encoding: 'utf8' });
    expect(left.filter((name) => /^(?:blobs|archives|about)\/.+\./.test(name) || /[0-9a-f]{64}/.test(name))).toEqual(
      [],
    );
  });

  it('that was changed, is of a newer form or is none at all is refused, and nothing of it stays', async () => {
    const runId = await makeRun();
    const bytes = await bytesOf(here, await here.call('runs.export', { runId, format: 'zip' }));
    await there.center();
    const broken = Buffer.from(bytes);
    const at = broken.indexOf('run.completed');
    broken.write('run.cancelled', at);
    const newer = join(there.root, 'newer.zip');
    await writeZip(newer, [
      {
        path: 'run.json',
        bytes: Buffer.from(
          JSON.stringify({
            format: 'aiworkflow-run',
            format_version: 2,
            run_id: 'x',
            version_hash: 'y',
            files: {},
            hash: '',
          }),
        ),
      },
    ]);
    const none = join(there.root, 'none.zip');
    await writeZip(none, [{ path: 'workflow.md', bytes: Buffer.from('# no run') }]);
    const forged = join(there.root, 'forged.zip');
    await writeZip(forged, [
      {
        path: 'run.json',
        bytes: Buffer.from(
          JSON.stringify({
            ...{ format: 'aiworkflow-run', format_version: 1, run_id: '../../x', version_hash: 'y', files: {} },
            hash: 'z',
          }),
        ),
      },
    ]);
    for (const [file, code] of [
      [broken, /^(run\.file_damaged|bundle\.archive_refused)$/],
      [readFileSync(newer), /^run\.file_unknown$/],
      [readFileSync(none), /^run\.file_unknown$/],
      [readFileSync(forged), /^run\.file_damaged$/],
      [Buffer.from('no archive'), /^(run\.file_unknown|bundle\.archive_refused)$/],
    ] as const) {
      const uploadId = await upload(there, Buffer.from(file));
      await expect(there.call('runs.openFile', { uploadId })).rejects.toMatchObject({
        code: expect.stringMatching(code),
      });
    }
    expect((await there.call('runs.foreign', {})).runs).toEqual([]);
    expect(readdirSync(join(there.path, '.aiworkflow/state/staging'))).toEqual([]);
    expect(existsSync(join(there.path, '.aiworkflow/state/foreign/archives'))).toBe(false);
  });
});

it('diagnostics hold what was listed, and no input, output or secret', async () => {
  await makeRun();
  here.addWorkflow('bad', [['action: workflow.fail', `inputs: {message: "no luck with ${SECRET}"}`]]);
  await here.run('bad');
  const { files } = await here.call('app.planDiagnostics', {});
  expect(files.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['app.json', 'doctor.json', 'settings.json', 'failures.json', 'storage.json']),
  );
  const first = await here.call('app.diagnostics', {});
  expect(first).toMatchObject({ mimeType: 'application/zip', cursor: null });
  const zip = join(here.root, 'd.zip');
  writeFileSync(zip, Buffer.from(first.base64, 'base64'));
  const { unpackArchive } = await import('../../src/core/bundles/unpack-archive.ts');
  await unpackArchive(zip, join(here.root, 'd'));
  const text = files.map(({ name }) => readFileSync(join(here.root, 'd', name), 'utf8')).join('\n');
  expect(text).toContain('no luck with');
  for (const hidden of [SECRET, 'document.title', 'zzzz']) expect(text).not.toContain(hidden);
});
