import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COSTLY_PATTERN_FIX } from '../../src/shared/safe-pattern.ts';
import { LocalProject } from '../support/local-project.ts';

/**
 * Patterns and texts that a stranger sends, each of which took the app for half a minute and more: every way to them must end with an
 * error that names the pattern and how to mend it. A way that hangs fails by the time limit of its test.
 */
const COSTLY = '(?:.{0,1000}x)?$';
const LONG = 'a'.repeat(900_000);

let project: LocalProject;
beforeAll(() => {
  project = new LocalProject();
});
afterAll(() => project.close());

const workflow = (...lines: readonly string[]): string =>
  ['---', ...lines, '---', '# Flow', '## Step 1: A', '', '```yaml', 'action: workflow.noop', '```', ''].join('\n');
const FREEZING = workflow(
  'workflow: {id: freezing, name: F}',
  `inputs: {text: {pattern: "${COSTLY}", default: ${LONG}}}`,
);
const THOUSANDS = workflow(
  'workflow: {id: thousands, name: T}',
  'inputs:',
  ...Array.from({ length: 3_000 }, (_, n) => `  v${n}: {pattern: "(?:.{0,1000}x)?${n}$"}`),
);
const IN_SCHEMAS = [
  '# Asking',
  ...Array.from({ length: 300 }, (_, n) => [
    `## Step ${n + 1}: A\n\n\`\`\`yaml\naction: agent.run`,
    `inputs: {prompt: p, output_schema: {type: string, pattern: "(?:.{0,1000}x)?${n}$"}}\n\`\`\`\n`,
  ]).flat(),
].join('\n');
const HONEST = workflow('workflow: {id: honest, name: H}', `inputs: {text: {pattern: "${COSTLY}"}}`);
const TOO_LONG = "Input 'text' is too long (900,000 characters) to be held against its pattern";

describe('a pattern that freezes', () => {
  it('in a workflow of the library', async () => {
    project.write('.aiworkflow/workflows/freezing.md', FREEZING);
    project.write('.aiworkflow/workflows/thousands.md', THOUSANDS);
    const { workflows } = await project.call('workflows.list', {});
    expect(workflows.map((one) => one.id)).toEqual(expect.arrayContaining(['freezing', 'thousands']));
    const freezing = await project.call('workflows.validate', { ref: 'freezing' });
    expect(freezing.errors).toContainEqual(
      expect.objectContaining({ message: `The default is not valid: ${TOO_LONG}`, fix: COSTLY_PATTERN_FIX }),
    );
    const thousands = await project.call('workflows.validate', { ref: 'thousands' });
    expect(thousands.errors).toContainEqual(
      expect.objectContaining({ message: "'pattern' is one of too many that are costly to read" }),
    );
  });

  it('in the schemas of many steps', async () => {
    project.write('.aiworkflow/workflows/schemas.md', IN_SCHEMAS);
    const { errors } = await project.call('workflows.validate', { ref: 'schemas' });
    expect(errors[0]?.message).toBe("output_schema: 'pattern' is one of too many that are costly to read");
    expect(errors.length).toBeGreaterThan(250);
  });

  it('in a bundle that nobody imported yet', async () => {
    const base64 = Buffer.from(FREEZING).toString('base64');
    const { uploadId } = await project.call('bundles.upload', {
      name: 'freezing',
      files: [{ path: 'workflow.md', base64, offset: 0 }],
    });
    const sheet = await project.call('bundles.inspect', { uploadId });
    expect(JSON.stringify(sheet)).toContain('too long (900,000 characters)');
  });

  it('at the start of a run, where the text is given', async () => {
    project.write('.aiworkflow/workflows/honest.md', HONEST);
    await expect(project.run('honest', { text: LONG })).rejects.toMatchObject({
      message: expect.stringContaining(TOO_LONG),
    });
    await expect(project.run('freezing')).rejects.toMatchObject({
      message: expect.stringContaining('Validation failed'),
    });
    expect(await project.run('honest', { text: 'short' })).toMatch(/^honest-/);
  });
});
