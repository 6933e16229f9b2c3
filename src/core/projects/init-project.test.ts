import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { initProject, installExample, listExamples, listLibrary, projectPaths, readProjectConfig } from './index.ts';
import { stateFolders } from './project-paths.ts';

const EXAMPLES = join(import.meta.dirname, '../../../examples');
let project = '';
beforeEach(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), 'aiw-init-')));
});
afterEach(() => rm(project, { recursive: true, force: true }));

describe('initProject (SPEC 13, 14)', () => {
  it('makes the tree, privately where it must be', async () => {
    const { path, created } = await initProject(join(project, 'new'), { force: false });
    expect(path).toBe(join(project, 'new'));
    expect(created).toEqual([
      'aiworkflow.yaml',
      '.aiworkflow/agents/capabilities.yaml',
      '.aiworkflow/tools/registry.yaml',
      '.aiworkflow/state/.gitignore',
      '.gitignore',
    ]);
    const paths = projectPaths(path);
    for (const folder of [
      paths.profilesDir,
      paths.workflowsDir,
      paths.bundlesDir,
      join(paths.toolsDir, 'mcp'),
      paths.triggersDir,
    ]) {
      expect((await stat(folder)).isDirectory()).toBe(true);
    }
    expect(await readFile(paths.stateIgnoreFile, 'utf8')).toBe('*\n!.gitignore\n');
    expect(await readFile(join(path, '.gitignore'), 'utf8')).toBe('aiworkflow.local.yaml\n.env.local\n');
    if (process.platform !== 'win32')
      for (const folder of stateFolders(paths)) expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('writes settings that read back without a word, with the defaults', async () => {
    await initProject(project, { force: false, chooseAgent: async () => 'ollama' });
    const { config, diagnostics } = await readProjectConfig(project);
    expect(diagnostics).toEqual([]);
    expect(config.agent).toMatchObject({ primary: 'ollama', isPrimaryWritten: true, fallback: null });
  });

  it('refuses a second time, and with force keeps state and edited files', async () => {
    await initProject(project, { force: false });
    await expect(initProject(project, { force: false })).rejects.toMatchObject({
      code: 'project.exists',
      message: 'Project already initialized. Use --force to reinitialize.',
    });
    const paths = projectPaths(project);
    await writeFile(paths.configFile, 'version: "mine"\n');
    await writeFile(paths.storeFile, 'state');
    await writeFile(join(project, '.gitignore'), 'dist\n.env.local');
    const { created } = await initProject(project, { force: true });
    expect(created).toEqual(['aiworkflow.yaml.bak', 'aiworkflow.yaml', '.gitignore']);
    expect(await readFile(`${paths.configFile}.bak`, 'utf8')).toBe('version: "mine"\n');
    expect(await readFile(paths.storeFile, 'utf8')).toBe('state');
    expect(await readFile(join(project, '.gitignore'), 'utf8')).toBe('dist\n.env.local\naiworkflow.local.yaml\n');
    await writeFile(paths.configFile, 'again');
    expect((await initProject(project, { force: true })).created).toEqual(['aiworkflow.yaml.bak2', 'aiworkflow.yaml']);
    expect((await initProject(project, { force: true })).created).toEqual([]);
  });

  it('takes a folder with only .aiworkflow for a project', async () => {
    await mkdir(join(project, '.aiworkflow'));
    await expect(initProject(project, { force: false })).rejects.toMatchObject({ code: 'project.exists' });
  });

  it('installs an example', async () => {
    const { created } = await initProject(project, { force: false, example: 'csv-report', examplesDir: EXAMPLES });
    expect(created).toContain('.aiworkflow/bundles/csv-report/workflow.md');
    expect((await listLibrary(projectPaths(project))).map((item) => item.id)).toEqual(['csv-report']);
  });
});

describe('examples', () => {
  it('are listed, installed once, and never written over an edited copy', async () => {
    await initProject(project, { force: false });
    const paths = projectPaths(project);
    const before = await listExamples(EXAMPLES, paths);
    expect(before.map((one) => one.name)).toEqual(
      expect.arrayContaining(['csv-report', 'dependency-report', 'repo-audit']),
    );
    for (const one of before)
      expect(one).toMatchObject({
        installed: false,
        title: expect.stringMatching(/\w/),
        description: expect.stringMatching(/\w/),
      });
    const first = await installExample(EXAMPLES, 'repo-audit', paths);
    expect(first).toMatchObject({ ref: 'repo-audit', path: join(paths.bundlesDir, 'repo-audit') });
    expect((await installExample(EXAMPLES, 'repo-audit', paths)).files).toEqual([]);
    expect((await listExamples(EXAMPLES, paths)).find((one) => one.name === 'repo-audit')?.installed).toBe(true);
    await writeFile(join(paths.bundlesDir, 'repo-audit', 'workflow.md'), 'mine');
    await expect(installExample(EXAMPLES, 'repo-audit', paths)).rejects.toMatchObject({ code: 'bundle.conflict' });
    await expect(installExample(EXAMPLES, 'csv-reprot', paths)).rejects.toMatchObject({
      code: 'bundle.not_found',
      hint: "Did you mean 'csv-report'?",
    });
    await expect(installExample(EXAMPLES, '../examples/csv-report', paths)).rejects.toMatchObject({
      code: 'bundle.not_found',
    });
  });

  it('of a group go to the workflows, all or none', async () => {
    await initProject(project, { force: false });
    const paths = projectPaths(project);
    const group = async () => (await listExamples(EXAMPLES, paths)).find((one) => one.name === 'patterns');
    expect(await group()).toMatchObject({
      title: 'Patterns',
      description: expect.stringMatching(/\w/),
      installed: false,
    });
    const mine = join(paths.workflowsDir, 'pattern-while.md');
    await writeFile(mine, 'mine');
    await expect(installExample(EXAMPLES, 'patterns', paths)).rejects.toMatchObject({ code: 'bundle.conflict' });
    expect((await listLibrary(paths)).map((item) => item.path)).toEqual(['.aiworkflow/workflows/pattern-while.md']);
    await rm(mine);
    const { files, ref } = await installExample(EXAMPLES, 'patterns', paths);
    const { length } = readdirSync(join(EXAMPLES, 'patterns')).filter((name) => name.startsWith('pattern-'));
    expect([ref, files.length]).toEqual(['pattern-approval', length]);
    expect((await listLibrary(paths)).map((item) => item.errors)).toEqual(Array(length).fill(0));
    expect((await installExample(EXAMPLES, 'patterns', paths)).files).toEqual([]);
    expect((await group())?.installed).toBe(true);
  });
});
