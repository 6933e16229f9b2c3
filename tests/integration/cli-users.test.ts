import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type CliResult, type CliWorld, openCliWorld, workflowText } from '../support/run-cli.ts';

// Every step of these tests is a process of its own: on a loaded machine that takes its time.
vi.setConfig({ testTimeout: 600_000 });

const PASSWORD = 'correct horse battery';
let world: CliWorld;
let me: string;
beforeAll(async () => {
  world = await openCliWorld();
  world.write({
    '.aiworkflow/workflows/nap.md': workflowText('nap', [['action: workflow.noop']]),
  });
  me = userInfo().username;
});
afterAll(() => world.dispose());

async function json(words: readonly string[], code = 0): Promise<Record<string, unknown>> {
  const result = await world.run(...words, '--json');
  expect(result.exitCode, result.stderr + result.stdout).toBe(code);
  return result.json();
}
/** The same with something on stdin. */
const said = (text: string, ...words: readonly string[]): Promise<CliResult> =>
  world.runWith({ stdin: `${text}\n` }, ...words);

it('users, roles, passwords and tokens are kept from the terminal, and --user is verified', async () => {
  expect(await json(['user', 'list'])).toMatchObject({
    users: [{ username: me, roles: ['admin'], is_active: true, has_password: false }],
    count: 1,
  });
  expect((await json(['role', 'list'])).count).toBe(5);
  expect(await json(['role', 'create', 'Runner', '--permission', 'WORKFLOW_EXECUTE', '--inherits', 'VIEWER'])).toEqual({
    name: 'Runner',
    description: '',
    permissions: ['workflow:execute'],
    inherits: ['viewer'],
    effective: ['agent:read', 'tool:read', 'workflow:execute', 'workflow:read'],
    predefined: false,
  });
  expect(await json(['user', 'add', 'bob', '--role', 'viewer', '--email', 'bob@example.org'])).toMatchObject({
    id: 'bob',
    roles: ['viewer'],
    email: 'bob@example.org',
  });
  expect((await said(PASSWORD, 'user', 'passwd', 'bob')).exitCode).toBe(0);
  expect((await said('short', 'user', 'passwd', 'bob')).exitCode).toBe(2);

  const listed = await said(PASSWORD, '--user', 'bob', 'workflow', 'list', '--json');
  expect(listed.json(), listed.stderr).toMatchObject({ count: 1 });
  const wrong = await said('wrong', '--user', 'bob', 'workflow', 'list', '--json');
  expect(wrong.exitCode).toBe(4);
  expect(wrong.json()).toMatchObject({ code: 'access.bad_credentials' });
  const denied = await said(PASSWORD, '--user', 'bob', 'run', 'nap', '--json');
  expect(denied.exitCode).toBe(4);
  expect(denied.json()).toMatchObject({
    error: 'User bob does not have permission workflow:execute',
    code: 'access.denied',
  });
  await json(['role', 'assign', 'runner', 'bob']);
  const ran = await said(PASSWORD, '--user', 'BOB', 'run', 'nap', '--json');
  expect(ran.exitCode, ran.stdout + ran.stderr).toBe(0);

  const made = await json(['user', 'token', 'bob', '--name', 'ci', '--permission', 'workflow:read']);
  const token = String(made.token);
  const ci = (...words: readonly string[]) => world.runWith({ env: { AIWORKFLOW_TOKEN: token } }, ...words);
  expect((await ci('--user', 'bob', 'workflow', 'validate', 'nap', '--json')).exitCode).toBe(0);
  expect((await ci('init', '--force', '--json')).json()).toMatchObject({
    error: 'User bob does not have permission config:manage',
  });
  expect((await ci('run', 'nap', '--json')).json()).toMatchObject({
    error: 'User bob does not have permission workflow:execute',
  });
  expect((await ci('--user', me, 'user', 'list', '--json')).exitCode).toBe(4);
  expect((await ci('--user', 'carol', 'workflow', 'list', '--json')).json()).toMatchObject({ code: 'access.denied' });
  expect(await json(['user', 'token', 'bob', '--list'])).toMatchObject({ count: 1 });
  await json(['user', 'token', 'bob', '--revoke', String(made.id)]);
  for (const words of [
    ['workflow', 'list'],
    ['workflow', 'validate', 'nap'],
  ])
    expect((await ci(...words, '--json')).json()).toMatchObject({ code: 'access.bad_token' });

  await json(['user', 'disable', 'bob']);
  expect((await said(PASSWORD, '--user', 'bob', 'workflow', 'list', '--json')).exitCode).toBe(4);
  for (const words of [
    ['user', 'disable', me],
    ['user', 'remove', me],
    ['role', 'revoke', 'admin', me],
  ])
    expect(await json(words, 1)).toMatchObject({ code: 'user.last_admin' });
  expect(await json(['role', 'delete', 'Runner'], 1)).toMatchObject({ code: 'role.in_use' });
  await json(['user', 'remove', 'bob']);
  await json(['role', 'delete', 'runner']);
  expect(await json(['role', 'edit', 'viewer', '--permission', '*'], 1)).toMatchObject({ code: 'role.predefined' });
  expect(await json(['user', 'list'])).toMatchObject({ count: 1 });
  const kept = readFileSync(join(world.project, '.aiworkflow/state/workflow-state/state.db'), 'latin1');
  expect(kept).not.toContain(PASSWORD);
  expect(kept).not.toContain(token);
});
