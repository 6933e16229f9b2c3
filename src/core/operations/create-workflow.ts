import { mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { CreatedWorkflow, ParsedInputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { writeFileAtomic } from '../files/index.ts';
import { type ProjectPaths, showPath } from '../projects/index.ts';
import { sanitizeId, templateWorkflow } from '../workflow/index.ts';

/** `workflow create` (SPEC §13): a file or a bundle from a template; never overwrites without `force`. */
export async function createWorkflow(
  paths: ProjectPaths,
  input: ParsedInputOf<'workflows.create'>,
): Promise<CreatedWorkflow> {
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
    await writeNew(file, text, input.force);
    return { created: showPath(paths, file), type: 'workflow' };
  }
  const folder = join(home, id);
  if (!input.force && (await stat(folder).catch(() => null)) !== null) throw exists(showPath(paths, folder));
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
  await writeNew(join(folder, 'workflow.md'), text, input.force);
  await writeNew(join(folder, 'config.yaml'), config.join('\n'), input.force);
  await writeNew(join(folder, 'tools.yaml'), 'tools: []\n', input.force);
  return { created: showPath(paths, folder), type: 'bundle', files: ['workflow.md', 'config.yaml', 'tools.yaml'] };
}

async function writeNew(file: string, text: string, force: boolean): Promise<void> {
  if (!force && (await stat(file).catch(() => null)) !== null) throw exists(file);
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomic(file, text, 0o644);
}

const exists = (path: string): AppError =>
  new AppError('project.exists', `Already there: ${path}`, {
    hint: 'Choose another name, or use --force to write over it.',
  });
