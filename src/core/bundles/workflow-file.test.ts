import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { findWorkflowFile, isBundleFolder, pickWorkflowFile } from './workflow-file.ts';

describe('pickWorkflowFile (SPEC 6.1)', () => {
  it.each([
    [['main.md', 'workflow.md', 'a.md'], 'workflow.md'],
    [['main.md', 'my-workflow.md'], 'main.md'],
    [['README.md', 'report.md', 'CHANGELOG.md', 'License.md', 'contributing.md'], 'report.md'],
    [['b.md', 'a.md'], 'a.md'],
    [['a.md', 'z-workflow.md', 'b-workflow.md'], 'b-workflow.md'],
    [['a.md', 'domain.md', 'x.md'], 'domain.md'],
    [['a.md', 'z-index.md'], 'z-index.md'],
    [['a.md', 'index.md', 'main-part.md'], 'main-part.md'],
    [['README.md'], null],
    [['notes.txt', '.hidden.md'], null],
    [[], null],
  ])('%j gives %s', (names, expected) => expect(pickWorkflowFile(names)).toBe(expected));
});

describe('isBundleFolder', () => {
  let folder = '';
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['frontmatter', { 'workflow.md': '---\n---\n' }, true],
    ['frontmatter after a BOM, with CRLF', { 'workflow.md': '\uFEFF---\r\na: 1\r\n---\r\n' }, true],
    ['a tools folder', { 'workflow.md': '# x', 'tools/x.sh': '' }, true],
    ['neither', { 'workflow.md': '# x\n---\n' }, false],
    ['no workflow file', { 'README.md': '---\n---\n', 'tools/x.sh': '' }, false],
    ['dashes that are no fence', { 'workflow.md': '----\n' }, false],
  ])('%s: %j', async (_title, files, expected) => {
    folder = await mkdtemp(join(tmpdir(), 'aiw-bundle-'));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(folder, path, '..'), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    await expect(isBundleFolder(folder)).resolves.toBe(expected);
  });

  it('gives nothing for a folder that is not there', async () => {
    folder = '/nowhere/at/all';
    await expect(findWorkflowFile(folder)).resolves.toBeNull();
    await expect(isBundleFolder(folder)).resolves.toBe(false);
    folder = '';
  });
});
