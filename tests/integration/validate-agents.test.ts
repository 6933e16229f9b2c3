import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openReader } from '../../src/core/control-center.ts';
import { readProjectConfig } from '../../src/core/projects/index.ts';
import type { ValidationReport } from '../../src/shared/contract/index.ts';
import type { Actor } from '../../src/shared/model/run.ts';

/** SPEC §1.10, §6.2: names of agents in what `aiworkflow workflow validate` reads, without a lease, a process or a request. */
const ME: Actor = { kind: 'user', id: 'tester', door: 'cli' };
let project = '';
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'aiw-agent-names-'));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
}

const flow = (agents: readonly string[]): string =>
  agents
    .map((agent, at) => `## Step ${at + 1}: S\n\`\`\`yaml\naction: agent.run\nagent: ${agent}\ntask: x\n\`\`\`\n`)
    .join('');

async function validate(ref: string): Promise<ValidationReport> {
  const answer = await openReader({ projectPath: project, userDataDir: project, examplesDir: project }).call(
    'workflows.validate',
    { ref },
    ME,
  );
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value as ValidationReport;
}

test('every agent that the project has is known: shipped, in capabilities.yaml, by profile, by provider', async () => {
  write({
    'aiworkflow.yaml': 'version: "1.0"\nagent: {configs: {office: {provider: openai}, spare: {model: m}}}\n',
    '.aiworkflow/agents/capabilities.yaml': 'agents: {planned-one: {status: planned}}\n',
    '.aiworkflow/agents/profiles/mine.yaml': 'command: mine\nargs: []\nprompt: stdin\noutput: text\n',
    '.aiworkflow/workflows/known.md': flow(['demo', 'codex', 'planned-one', 'mine', 'office', 'spare']),
  });
  expect((await readProjectConfig(project)).diagnostics).toEqual([]);
  const { valid, warnings } = await validate('known');
  expect(valid).toBe(true);
  expect(warnings.map(({ message, line, step }) => `${step} ${line} ${message}`)).toEqual([
    "step_6 34 There is no agent 'spare' here",
  ]);
});

test('a bundle whose agents nobody knows is told with file, line and what was meant', async () => {
  write({
    '.aiworkflow/bundles/mail/workflow.md': flow(['ollma']),
    '.aiworkflow/bundles/mail/config.yaml': 'name: mail\nagent: demo\nfallback_agent: clade-code\n',
  });
  const { valid, warnings, missing } = await validate('mail');
  expect([valid, missing]).toEqual([true, [{ tool: 'ollma', why: 'agent ollma is not set up' }]]);
  expect(warnings.map(({ file, line, fix }) => `${file}:${line} ${fix}`)).toEqual([
    "config.yaml:3 Did you mean 'claude-code'?",
    "workflow.md:4 Did you mean 'ollama'?",
  ]);
});
