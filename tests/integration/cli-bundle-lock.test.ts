import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CliWorld, openCliWorld, workflowText } from '../support/run-cli.ts';

/** SPEC §6.5 `bundle lock`: what was locked runs as it was locked, or says that it is another. */
let world: CliWorld;
beforeEach(async () => {
  world = await openCliWorld();
  world.write({
    '.aiworkflow/tools/registry.yaml': `tools:
  - {name: desk, implementations: [{type: custom, adapter_path: custom/desk.mjs}]}
  - {name: search, implementations: [{type: mcp, package: "@acme/search@1.2.3"}]}
  - {name: other, implementations: [{type: custom, adapter_path: custom/desk.mjs}]}
`,
    '.aiworkflow/tools/custom/desk.mjs': DESK,
    '.aiworkflow/bundles/mine/tools/hello.mjs': "#!/usr/bin/env node\nconsole.log('hello');\n",
    '.aiworkflow/bundles/mine/workflow.md': workflowText('mine', [
      ['action: desk.add', 'inputs: {a: 1}'],
      ['action: hello.run'],
      ['action: search.find', 'condition: "false"'],
    ]),
  });
});
afterEach(() => world.dispose());

const DESK = 'export const add = ({ a }) => ({ sum: a + 1 });\n';
const HELLO = '.aiworkflow/bundles/mine/tools/hello.mjs';
const lockFile = (): string => join(world.project, '.aiworkflow/bundles/mine/aiworkflow.lock');
const locked = () => JSON.parse(readFileSync(lockFile(), 'utf8'));

it('writes the hash of the files, the versions of packages and the hashes of what tools are made of', async () => {
  const before = (await world.run('--json', 'bundle', 'hash', 'mine')).json();
  const { exitCode, json } = await world.run('--json', 'bundle', 'lock', 'mine');
  expect(exitCode).toBe(0);
  expect(json()).toEqual({
    name: 'mine',
    file: '.aiworkflow/bundles/mine/aiworkflow.lock',
    outcome: 'locked',
    hash: before.content_hash,
    tools: ['desk', 'search'],
    content_hash: expect.not.stringMatching(String(before.content_hash)),
  });
  expect(locked()).toEqual({
    format: 1,
    hash: before.content_hash,
    tools: {
      desk: { '.aiworkflow/tools/custom/desk.mjs': expect.stringMatching(/^[0-9a-f]{64}$/) },
      search: { '@acme/search': '1.2.3' },
    },
  });
  const text = readFileSync(lockFile(), 'utf8');
  const again = await world.run('bundle', 'lock', 'mine');
  expect(again.stdout).toBe('mine is what .aiworkflow/bundles/mine/aiworkflow.lock says.\n');
  expect(readFileSync(lockFile(), 'utf8')).toBe(text);
  expect((await world.run('bundle', 'validate', 'mine')).exitCode).toBe(0);
});

it('another file, another tool or another package is an error until it is locked anew', async () => {
  await world.run('bundle', 'lock', 'mine');
  const text = readFileSync(lockFile(), 'utf8');
  world.write({ [HELLO]: "#!/usr/bin/env node\nconsole.log('changed');\n" });
  const ran = await world.run('--json', 'run', 'mine');
  expect(ran.exitCode).toBe(1);
  expect(ran.stdout).toContain('The files of the bundle are not those that aiworkflow.lock names');
  world.write({
    '.aiworkflow/tools/custom/desk.mjs': `${DESK}// changed\n`,
    '.aiworkflow/tools/registry.yaml': readFileSync(
      join(world.project, '.aiworkflow/tools/registry.yaml'),
      'utf8',
    ).replace('1.2.3', '1.2.4'),
  });
  const valid = (await world.run('--json', 'bundle', 'validate', 'mine')).json<{
    errors: readonly { message: string }[];
  }>();
  expect(valid.errors.map(({ message }) => message)).toEqual([
    'The files of the bundle are not those that aiworkflow.lock names.',
    "The tool 'desk' is not the one that aiworkflow.lock names.",
    "The tool 'search' is not the one that aiworkflow.lock names.",
  ]);
  const refused = await world.run('--json', 'bundle', 'lock', 'mine');
  expect(refused.exitCode).toBe(1);
  expect(refused.json()).toMatchObject({ code: 'bundle.changed', error: 'The bundle is not what its lock says.' });
  expect(readFileSync(lockFile(), 'utf8')).toBe(text);
  world.write({ [HELLO]: "#!/usr/bin/env node\nconsole.log('hello');\n" });
  const byTool = await world.run('--json', 'run', 'mine');
  expect(byTool.stdout).not.toContain('The files of the bundle');
  expect(byTool.stdout).toContain("The tool 'desk' is not the one");
  const anew = await world.run('--json', 'bundle', 'lock', 'mine', '--update');
  expect(anew.json()).toMatchObject({ outcome: 'updated' });
  expect((await world.run('bundle', 'validate', 'mine')).exitCode).toBe(0);
  expect(locked().tools.search).toEqual({ '@acme/search': '1.2.4' });
});

it('a lock that is none is an error; without it all is as before; what lies elsewhere is not written to', async () => {
  writeFileSync(lockFile(), '{"format": 2}');
  expect((await world.run('bundle', 'validate', 'mine')).stdout).toContain('no lock that can be read');
  rmSync(lockFile());
  expect((await world.run('bundle', 'validate', 'mine')).exitCode).toBe(0);
  const outside = join(world.home, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'workflow.md'), workflowText('outside', [['action: workflow.noop']]));
  expect((await world.run('--json', 'bundle', 'lock', outside)).json()).toMatchObject({ code: 'file.outside' });
});
