import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { exportArchive, readBundle } from '../../src/core/bundles/index.ts';
import type { ImportSheet } from '../../src/shared/contract/index.ts';
import { LocalProject } from '../support/local-project.ts';

/** SPEC §6.6, §6.7: who signed an archive is pinned with the first consent; it says who it was, never that it may run. */
let project: LocalProject;
beforeEach(() => {
  project = new LocalProject();
});
afterEach(() => project.close());

const newKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const [OURS, THEIRS] = [newKey(), newKey()];

async function source(version: string) {
  const folder = join(project.root, 'vendor');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'workflow.md'),
    `---\nworkflow: {id: vendor, name: Vendor, version: "${version}"}\n---\n## Step 1: A\n\`\`\`yaml\naction: workflow.noop\n\`\`\`\n`,
  );
  return readBundle(folder);
}

/** An archive of a version, signed or not. */
async function archive(version: string, privateKey?: string): Promise<Buffer> {
  const file = join(project.root, 'vendor.awb');
  await exportArchive(await source(version), file, privateKey === undefined ? {} : { privateKey });
  return readFileSync(file);
}

/** An archive with a signature of our own making: `signed` gets the content hash and gives what is signed. */
async function archiveSigned(signed: (contentHash: string) => string): Promise<Buffer> {
  const { contentHash, path } = await source('1');
  const keys = generateKeyPairSync('ed25519');
  const signature = {
    algorithm: 'ed25519',
    public_key: keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    value: sign(null, Buffer.from(signed(contentHash)), keys.privateKey).toString('base64'),
  };
  const about = { format: 1, name: 'vendor', version: '1', content_hash: contentHash, created_at: '', signature };
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(JSON.stringify(about)), 'manifest.json');
  zip.addFile(join(path, 'workflow.md'), 'workflow.md');
  zip.end();
  return buffer(zip.outputStream);
}

async function upload(bytes: Buffer): Promise<ImportSheet> {
  const files = [{ path: 'vendor.awb', base64: bytes.toString('base64') }];
  const { uploadId } = await project.call('bundles.upload', { name: 'vendor.awb', files });
  return project.call('bundles.inspect', { uploadId });
}

async function bring(bytes: Buffer): Promise<ImportSheet['trust']> {
  const { uploadId, contentHash, trust } = await upload(bytes);
  const consent = { read: trust.findings.map(({ id }) => id) };
  await project.call('bundles.import', { uploadId, contentHash, name: 'vendor', onConflict: 'replace', consent });
  return trust;
}

const codes = ({ findings }: ImportSheet['trust']) => findings.map(({ code, severity }) => `${code} ${severity}`);

it('the first signer is pinned with the consent; another one, or none, is a serious finding', async () => {
  const first = await bring(await archive('1', OURS));
  expect(codes(first)).toEqual(['signer.first watch']);
  expect(first.signer).toMatch(/^[0-9a-f]{4}( [0-9a-f]{4}){3}$/);
  const same = (await upload(await archive('2', OURS))).trust;
  expect([codes(same), same.signer, same.state]).toEqual([[], first.signer, 'untrusted']);
  const other = (await upload(await archive('2', THEIRS))).trust;
  expect(codes(other)).toEqual(['signer.changed high']);
  expect(other.findings[0]?.text).toContain(`was signed by ${first.signer}, this one by ${other.signer}.`);
  expect(codes((await upload(await archive('2'))).trust)).toEqual(['signer.gone high']);
  // Across a restart, outside of the project.
  await project.reopen();
  const { uploadId, contentHash } = await upload(await archive('2', THEIRS));
  await expect(
    project.call('bundles.import', {
      uploadId,
      contentHash,
      name: 'vendor',
      onConflict: 'replace',
      consent: { read: [] },
    }),
  ).rejects.toMatchObject({ code: 'trust.unread' });
  // Who trusts it all the same has another signer from then on.
  await bring(await archive('2', THEIRS));
  expect(codes((await upload(await archive('3', THEIRS))).trust)).toEqual([]);
  expect(codes((await upload(await archive('3', OURS))).trust)).toEqual(['signer.changed high']);
});

it('a signature stands for no consent, and none is needed', async () => {
  expect(codes(await bring(await archive('1')))).toEqual(['signer.none watch']);
  const { uploadId, contentHash } = await upload(await archive('2', OURS));
  await project.call('bundles.import', { uploadId, contentHash, name: 'vendor', onConflict: 'replace' });
  await expect(project.call('runs.start', { workflow: 'vendor', inputs: {} })).rejects.toMatchObject({
    code: 'trust.needed',
  });
  // What was changed on disk since it came is signed by nobody.
  project.write('.aiworkflow/bundles/vendor/README.md', 'One more');
  expect((await project.call('trust.show', { ref: 'vendor' })).signer).toBeNull();
});

it('one that does not hold is refused, one that does holds also when others made it', async () => {
  const good = await upload(await archiveSigned((hash) => `aiworkflow bundle ${hash}\n`));
  expect(codes(good.trust)).toEqual(['signer.first watch']);
  const refused = { code: 'bundle.archive_refused', message: expect.stringContaining('signature') };
  await expect(upload(await archiveSigned((hash) => hash))).rejects.toMatchObject(refused);
  await expect(upload(await archiveSigned(() => `aiworkflow bundle ${'0'.repeat(64)}\n`))).rejects.toMatchObject(
    refused,
  );
});

it('what was shown of an archive is what is imported: one byte changed in between is refused, or of no account', async () => {
  const staged = (uploadId: string, ...path: readonly string[]): string =>
    join(project.path, '.aiworkflow/state/staging', uploadId, ...path);
  const importing = ({ uploadId, contentHash, trust }: ImportSheet) =>
    project.call('bundles.import', {
      ...{ uploadId, contentHash, name: 'vendor', onConflict: 'replace' as const },
      consent: { read: trust.findings.map(({ id }) => id) },
    });
  const opened = await upload(await archive('1'));
  const file = staged(opened.uploadId, 'content', 'workflow.md');
  writeFileSync(file, readFileSync(file, 'utf8').replace('noop', 'nool'));
  await expect(importing(opened)).rejects.toMatchObject({ code: 'bundle.archive_refused' });
  // The bytes that were read are imported, whatever the archive is by then.
  const shown = await upload(await archive('2'));
  writeFileSync(staged(shown.uploadId, 'files', 'vendor.awb'), await archive('3'));
  await importing(shown);
  expect(await project.call('trust.show', { ref: 'vendor' })).toMatchObject({
    ...{ version: '2', contentHash: shown.contentHash, state: 'trusted' },
  });
});
