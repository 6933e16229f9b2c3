import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { BUILT_LIBRARY_HOST } from '../support/built-crash-host.ts';
import { LocalProject } from '../support/local-project.ts';

/** SPEC §6.6: an import and a removal are there as a whole or not at all, wherever the process is killed: files, trust, journal. */
const PLACE = '.aiworkflow/bundles/vendor';
const flow = (version: string): string =>
  `---\nworkflow: {id: vendor, name: Vendor, version: "${version}"}\n---\n## Step 1: A\n\`\`\`yaml\naction: workflow.noop\n\`\`\`\n`;

let project: LocalProject | null = null;
afterEach(async () => {
  await project?.close();
  project = null;
});

type Calls = readonly (readonly [string, unknown])[];
type Made = (project: LocalProject) => Promise<Calls>;

const importOf = (version: string): Calls => {
  const files = [{ path: 'workflow.md', base64: Buffer.from(flow(version)).toString('base64') }];
  return [
    ['bundles.upload', { name: 'vendor', files }],
    ['bundles.inspect', { uploadId: '$1.uploadId' }],
    [
      'bundles.import',
      {
        ...{ uploadId: '$1.uploadId', contentHash: '$1.contentHash', name: 'vendor' },
        ...{ onConflict: 'replace', consent: { read: [] } },
      },
    ],
  ];
};

/** The same in this process. */
async function bring(one: LocalProject, version: string): Promise<void> {
  const files = [{ path: 'workflow.md', base64: Buffer.from(flow(version)).toString('base64') }];
  const { uploadId } = await one.call('bundles.upload', { name: 'vendor', files });
  const { contentHash } = await one.call('bundles.inspect', { uploadId });
  const asked = { uploadId, contentHash, name: 'vendor', onConflict: 'replace' as const };
  await one.call('bundles.import', { ...asked, consent: { read: [] } });
}

/** What is there before, and the calls that change it. */
const CHANGES: Readonly<Record<string, Made>> = {
  import: async (one) => {
    one.write(`${PLACE}/workflow.md`, flow('1'));
    return importOf('2');
  },
  'undo of an import': async (one) => {
    one.write(`${PLACE}/workflow.md`, flow('1'));
    await bring(one, '2');
    return [['bundles.undoImport', { ref: 'vendor' }]];
  },
  removal: async (one) => {
    await bring(one, '1');
    return [['workflows.remove', { ref: 'vendor' }]];
  },
  restoring: async (one) => {
    await bring(one, '1');
    return [['workflows.restore', await one.call('workflows.remove', { ref: 'vendor' })]];
  },
};

/** Makes calls in a process of its own; gives whether it was killed. */
async function make(one: LocalProject, calls: Calls, failpoint?: string): Promise<boolean> {
  await one.leave();
  const child = spawn(process.execPath, [BUILT_LIBRARY_HOST, one.path, JSON.stringify(calls)], {
    env: { ...process.env, ...(failpoint === undefined ? {} : { AIWORKFLOW_FAILPOINT: failpoint }) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once('close', (...ended) => resolve(ended)),
  );
  expect([code, signal]).toEqual(failpoint === undefined ? [0, null] : [null, 'SIGKILL']);
  return signal !== null;
}

/** All that a change is about. */
async function look(one: LocalProject) {
  const { workflows } = await one.call('workflows.list', {});
  const { events } = await one.call('audit.query', {});
  await one.leave();
  const paths = projectPaths(one.path);
  const db = new Database(paths.storeFile, { readonly: true });
  const journal = db.prepare('SELECT data FROM journal WHERE stream = 0 ORDER BY position').pluck().all() as string[];
  db.close();
  const folder = join(one.root, 'user', 'trust');
  const trust = (existsSync(folder) ? readdirSync(folder) : []).map((name) =>
    JSON.parse(readFileSync(join(folder, name), 'utf8')),
  );
  return {
    cutShort: events.flatMap(({ details }) => (details.cut_short === true ? [details.phase] : [])),
    seen: {
      library: workflows.map(({ id, version, trust: state }) => [id, version, state]),
      files: readdirSync(paths.bundlesDir).filter((name) => !name.startsWith('.new-')),
      removed: names(paths.removedDir),
      journal: journal.map((data) => {
        const { type, contentHash } = JSON.parse(data);
        return [type, contentHash];
      }),
      trust: trust.map(({ subjects, aside, change }) => [
        Object.entries(subjects).map(([path, subject]) => [path, timeless(subject)]),
        Object.values(aside).map(timeless),
        change,
      ]),
    },
  };
}

const names = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).map((name) => name.replace(/^\d+/, '')) : [];
const timeless = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, one) => (key === 'at' ? 0 : one)).replaceAll(/\d{13}-bundle/g, 'bundle'));

async function lookAt(made: Made, failpoint?: string) {
  project = new LocalProject();
  const one = project;
  const calls = await made(one);
  const before = failpoint === undefined ? await look(one) : null;
  await make(one, calls, failpoint);
  const after = await look(one);
  await one.close();
  project = null;
  return { before, after };
}

describe.each([
  ['import', ['begun', 'moved', 'moved:2', 'journaled', 'trusted', 'consented']],
  ['undo of an import', ['moved', 'moved:2']],
  ['removal', ['moved']],
  ['restoring', ['moved']],
] as const)('%s', (name, failpoints) => {
  it(`is whole after a kill at ${failpoints.join(', ')}`, async () => {
    const made = CHANGES[name] as Made;
    const whole = await lookAt(made);
    expect(whole.after.seen).not.toEqual(whole.before?.seen);
    for (const failpoint of failpoints) {
      const cut = await lookAt(made, `library.${failpoint}`);
      expect(cut.after.seen, failpoint).toEqual(whole.after.seen);
      expect(cut.after.cutShort, failpoint).toEqual(['outcome']);
    }
  });
});

it('is taken back when something stands in its way by then', async () => {
  project = new LocalProject();
  const one = project;
  const calls = await (CHANGES.import as Made)(one);
  const before = await look(one);
  await make(one, calls, 'library.moved');
  // The old one has moved away, the new one is not there yet: somebody puts a folder of his own there.
  one.write(`${PLACE}/workflow.md`, flow('3'));
  const after = await look(one);
  expect(after.seen.library).toEqual([['vendor', '3', 'own']]);
  expect(after.seen.journal).toEqual(before.seen.journal);
  expect(after.seen.trust).toEqual([[[], [], undefined]]);
});
