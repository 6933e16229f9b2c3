import { chmod, mkdir, mkdtemp, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCatalog } from '../tools/index.ts';
import {
  bundleInfo,
  findBundleAround,
  hashFiles,
  materializeBundle,
  readBundle,
  snapshotBundle,
  workflowOf,
} from './index.ts';

let home = '';
let root = '';
beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'aiw-read-')));
  root = join(home, 'my-bundle');
  await mkdir(root);
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function put(files: Readonly<Record<string, string>>, base = root): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(base, path)), { recursive: true });
    await writeFile(join(base, path), text);
  }
}

const STEP = '## Step 1: Go\n```yaml\naction: greet.run\n```\n';
const WORKFLOW = `---\nworkflow:\n  id: hello\n  name: Hello\n  version: "2.1.0"\n---\n# Hello\n${STEP}`;
const TOOL = '#!/bin/sh\necho hi\n';
const messages = (found: { readonly diagnostics: readonly { readonly message: string }[] }) =>
  found.diagnostics.map((one) => one.message);

describe('readBundle (SPEC 6)', () => {
  it('reads a whole bundle', async () => {
    await put({
      'workflow.md': WORKFLOW,
      'tools/greet.sh': TOOL,
      'config.yaml': 'timeout: 30\nenv: {A: "${X:-d}"}',
      '.env': 'B=secret',
    });
    const reading = await readBundle(root, { hostEnv: { X: '1', Y: '2' } });
    expect(reading).toMatchObject({
      path: root,
      kind: 'bundle',
      workflowFile: join(root, 'workflow.md'),
      text: WORKFLOW,
      env: { A: '1', B: 'secret' },
    });
    expect(reading.diagnostics.filter((one) => one.severity === 'error')).toEqual([]);
    expect(reading.tools.map((tool) => tool.name)).toEqual(['greet']);
    expect(reading.files.map((file) => file.path)).toEqual(['config.yaml', 'tools/greet.sh', 'workflow.md']);
    expect(bundleInfo(reading)).toEqual({
      name: 'my-bundle',
      path: root,
      workflow_file: 'workflow.md',
      workflow: { id: 'hello', name: 'Hello', version: '2.1.0', steps: 1, error: null },
      tools: { script_tools: ['greet'], all_tools: ['greet'], tools_dir: 'tools', tools_dir_exists: true },
      config: { agent: null, fallback_agent: null, timeout: 30, inherit_global_tools: true },
      content_hash: reading.contentHash,
      trusted: false,
      size_bytes: reading.sizeBytes,
    });
  });

  it('reads a lone file as its own version, named workflow.md', async () => {
    await put({ 'alone.md': `# Alone\n${STEP}` });
    const reading = await readBundle(join(root, 'alone.md'));
    expect(reading).toMatchObject({ kind: 'file', files: [{ path: 'workflow.md' }], tools: [], env: {} });
    expect(reading.reading?.workflow.id).toBe('alone');
    const same = await hashFiles([{ path: 'workflow.md', absolutePath: join(root, 'alone.md') }]);
    expect(reading.contentHash).toBe(same.contentHash);
    expect(bundleInfo(reading).workflow_file).toBe(join(root, 'alone.md'));
  });

  it('has the exact messages of SPEC 6.3 for what is not a bundle', async () => {
    await put({ 'notes.txt': 'x', 'empty/README.md': '# x' });
    const [gone, text, empty] = [join(root, 'gone'), join(root, 'notes.txt'), join(root, 'empty')];
    await expect(readBundle(gone)).rejects.toMatchObject({
      code: 'bundle.not_found',
      message: `Bundle directory not found: ${gone}`,
    });
    await expect(readBundle(text)).rejects.toMatchObject({
      code: 'bundle.invalid',
      message: `Bundle path must be a directory: ${text}`,
    });
    await expect(readBundle(`${gone}.md`)).rejects.toMatchObject({
      code: 'workflow.not_found',
      message: `Workflow file not found: ${gone}.md`,
    });
    const reading = await readBundle(empty);
    expect(messages(reading)).toContain('No workflow file found (expected workflow.md or *.md)');
    expect(reading).toMatchObject({ workflowFile: null, reading: null });
    expect(() => workflowOf(reading)).toThrow(`No workflow file found in bundle: ${empty}`);
    expect(bundleInfo(reading).workflow).toEqual({
      id: null,
      name: null,
      version: null,
      steps: 0,
      error: 'No workflow file found (expected workflow.md or *.md)',
    });
  });

  it('tells scripts that cannot be started, links that leave and scripts that are left out', async () => {
    await put({
      'workflow.md': WORKFLOW,
      'tools.yaml': 'tools:\n  - {name: plain, script: tools/plain}\n  - {name: ready, script: tools/ready}\n',
      'tools/plain': 'echo x',
      'tools/ready': TOOL,
      'tools/hidden.sh': TOOL,
      '.bundleignore': 'tools/hidden.sh\n',
    });
    await symlink('/etc/hostname', join(root, 'away'));
    const found = messages(await readBundle(root));
    expect(found).toContain('Script not executable and no shebang: plain');
    expect(found).toContain('Link leaves the bundle: away');
    expect(found).toContain('Script is not part of the bundle: tools/hidden.sh');
    expect(found.filter((one) => one.includes('ready'))).toEqual([]);
  });

  it('says why a workflow cannot be parsed', async () => {
    await put({ 'workflow.md': '---\nworkflow: [\n---\n', 'tools/a.sh': TOOL });
    const reading = await readBundle(root);
    expect(bundleInfo(reading).workflow.error).toMatch(/^Failed to parse workflow: Invalid YAML frontmatter: /);
  });

  it('checks actions against the injected catalog only', async () => {
    await put({ 'workflow.md': WORKFLOW });
    expect(messages(await readBundle(root)).join()).not.toContain('greet');
    const reading = await readBundle(root, { catalogOf: () => createCatalog([]) });
    expect(messages(reading)).toContain('Required tool not available: greet');
  });

  it('survives a workflow file that is too large or not text', async () => {
    await writeFile(join(root, 'workflow.md'), Buffer.alloc(1024 * 1024 + 5, 'a'));
    expect((await readBundle(root)).diagnostics.map((one) => one.code)).toContain('workflow.too_large');
    await writeFile(join(root, 'workflow.md'), Buffer.from([0x23, 0xff, 0xfe, 0x0a]));
    expect(messages(await readBundle(root))).toContain('The file is not UTF-8 text.');
  });

  it('finds the bundle around a named workflow file, and no more than that', async () => {
    await put({ 'workflow.md': WORKFLOW, 'tools/a.sh': TOOL, 'other.md': WORKFLOW, 'alone/x.md': WORKFLOW });
    await expect(findBundleAround(join(root, 'workflow.md'))).resolves.toBe(root);
    await expect(findBundleAround(join(root, 'other.md'))).resolves.toBeNull();
    await expect(findBundleAround(join(root, 'alone', 'x.md'))).resolves.toBeNull();
  });
});

describe('versions (DESIGN decision 6)', () => {
  const archives = (): string => join(home, 'archives');
  beforeEach(() =>
    put({ 'workflow.md': WORKFLOW, 'tools/greet.sh': TOOL, 'tools/bin': 'x', 'sample-data/a.csv': '1', '.env': 'A=1' }),
  );

  it('keeps a version and gives a working copy with the same hash', async () => {
    await chmod(join(root, 'tools/bin'), 0o755);
    const reading = await readBundle(root);
    await snapshotBundle(reading, archives());
    await put({ 'workflow.md': 'changed later' });
    const copy = join(home, 'runs', 'r1', 'bundle');
    await materializeBundle(archives(), reading.contentHash, copy);
    const again = await readBundle(copy, { folderName: 'my-bundle' });
    expect(again.contentHash).toBe(reading.contentHash);
    expect(again.text).toBe(WORKFLOW);
    if (process.platform === 'win32') return;
    expect((await stat(join(copy, 'tools/greet.sh'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(copy, 'tools/bin'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(copy, 'sample-data/a.csv'))).mode & 0o777).toBe(0o600);
    await expect(stat(join(copy, '.env'))).rejects.toThrow();
  });

  it('takes the environment from where the source is', async () => {
    const reading = await readBundle(root);
    await snapshotBundle(reading, archives());
    const kept = join(archives(), reading.contentHash);
    expect((await readBundle(kept)).env).toEqual({});
    expect((await readBundle(kept, { envFolder: root })).env).toEqual({ A: '1' });
  });

  it('is safe when twenty ask at once, and leaves nothing half-made', async () => {
    const reading = await readBundle(root);
    await Promise.all(Array.from({ length: 20 }, () => snapshotBundle(reading, archives())));
    const { readdir } = await import('node:fs/promises');
    expect(await readdir(archives())).toEqual([reading.contentHash]);
    const folders = Array.from({ length: 10 }, (_, index) => join(home, `run${index}`));
    await Promise.all(folders.map((folder) => materializeBundle(archives(), reading.contentHash, folder)));
    for (const folder of folders) expect(await readFile(join(folder, 'workflow.md'), 'utf8')).toBe(WORKFLOW);
  });

  it('refuses a source that is no longer what was read', async () => {
    const reading = await readBundle(root);
    await put({ 'tools/greet.sh': '#!/bin/sh\nrm -rf ~\n' });
    await expect(snapshotBundle(reading, archives())).rejects.toMatchObject({ code: 'bundle.changed' });
  });

  it('refuses a kept version that was changed on disk, and unknown ones', async () => {
    const reading = await readBundle(root);
    await snapshotBundle(reading, archives());
    await writeFile(join(archives(), reading.contentHash, 'tools/greet.sh'), '#!/bin/sh\nevil\n');
    const target = join(home, 'run');
    await expect(materializeBundle(archives(), reading.contentHash, target)).rejects.toMatchObject({
      code: 'store.corrupt',
    });
    await expect(stat(target)).rejects.toThrow();
    for (const hash of ['0'.repeat(64), '../..', '']) {
      await expect(materializeBundle(archives(), hash, target)).rejects.toMatchObject({
        code: 'workflow.version_not_found',
      });
    }
  });
});
