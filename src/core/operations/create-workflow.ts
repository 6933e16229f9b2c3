import { mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CreatedWorkflow, ParsedInputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { toFileError, writeFileAtomic } from '../files/index.ts';
import { type ProjectPaths, showPath } from '../projects/index.ts';
import { sanitizeId, templateWorkflow } from '../workflow/index.ts';

/**
 * `workflow create` (SPEC §13): a file or a bundle from a template; never overwrites without `force`. Errors: `project.exists`,
 * `file.io`, `file.disk_full`.
 */
export function createWorkflow(
  paths: ProjectPaths,
  input: ParsedInputOf<'workflows.create'>,
): Promise<CreatedWorkflow> {
  return create(paths, input).catch((thrown: unknown) => {
    throw toFileError(thrown, input.output ?? input.name);
  });
}

async function create(paths: ProjectPaths, input: ParsedInputOf<'workflows.create'>): Promise<CreatedWorkflow> {
  const id = sanitizeId(input.name);
  const home =
    input.output === undefined
      ? input.bundle
        ? paths.bundlesDir
        : paths.workflowsDir
      : resolve(paths.project, input.output);
  const text = templateWorkflow(input.name, input.template);
  if (!input.bundle) {
    const file = join(home, `${id}.md`);
    if (!input.force) await refuseExisting(paths, file);
    await writeFileAtomic(file, text);
    return { created: showPath(paths, file), type: 'workflow' };
  }
  const folder = join(home, id);
  if (!input.force) await refuseExisting(paths, folder);
  await mkdir(join(folder, 'tools'), { recursive: true });
  const config = [
    `name: ${JSON.stringify(input.name)}`,
    'version: 1.0.0',
    'agent: null',
    'fallback_agent: null',
    'timeout: 300',
    'inherit_global_tools: true',
    '',
  ];
  await writeFileAtomic(join(folder, 'workflow.md'), text);
  await writeFileAtomic(join(folder, 'config.yaml'), config.join('\n'));
  await writeFileAtomic(join(folder, 'tools.yaml'), 'tools: []\n');
  return { created: showPath(paths, folder), type: 'bundle', files: ['workflow.md', 'config.yaml', 'tools.yaml'] };
}

async function refuseExisting(paths: ProjectPaths, path: string): Promise<void> {
  if ((await stat(path).catch(() => null)) === null) return;
  throw new AppError('project.exists', `Already there: ${showPath(paths, path)}`, {
    hint: 'Choose another name, or use --force to write over it.',
  });
}
