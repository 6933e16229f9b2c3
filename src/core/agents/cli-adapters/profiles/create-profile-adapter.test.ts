import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askCase } from '../../../../../tests/support/ask-agent.ts';
import { waitUntil } from '../../../../../tests/support/wait-until.ts';
import type { JsonMap } from '../../../../shared/json.ts';
import type { AgentAdapter, AgentRequest } from '../../../agent-port/index.ts';
import { createHttpClient } from '../../../http/index.ts';
import { createProcessRunner, findSandbox, type ProcessRunner } from '../../../processes/index.ts';
import { systemClock } from '../../../time/index.ts';
import type { StartTimer } from '../adapter-options.ts';
import { createProfileAdapter } from './create-profile-adapter.ts';
import { readCliProfile } from './read-cli-profiles.ts';

const KEY = 'sk-profile-planted-51c0ffee';
const http = createHttpClient({ clock: systemClock });
let root: string;
let runner: ProcessRunner;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'aiw-profile-'));
  for (const name of ['bin', 'run', 'project', 'work']) await mkdir(join(root, name));
  runner = createProcessRunner({ clock: systemClock, stateDir: join(root, 'state') });
});
afterEach(async () => {
  await runner.close();
  await rm(root, { recursive: true, force: true });
});

/** An agent that is a shell script, described by a profile. */
async function agentOf(
  script: string,
  profile = '',
  startTimer?: StartTimer,
  config: JsonMap = {},
): Promise<AgentAdapter> {
  await writeFile(join(root, 'bin', 'small-agent'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const text = `command: small-agent\n${profile}`;
  const read = readCliProfile('small', { file: 'small.yaml', text });
  if (read.profile === null) throw new Error(JSON.stringify(read.diagnostics));
  const path = `${join(root, 'bin')}:${process.env.PATH}`;
  // A sandbox knows by it where programs write what is nobody else's.
  const hostEnv = { PATH: path, TMPDIR: tmpdir(), SOME_KEY: KEY, OTHER_KEY: 'not for it' };
  return createProfileAdapter({
    ...{ config, runner, hostEnv, http, projectPath: join(root, 'project'), profile: read.profile },
    ...(startTimer === undefined ? {} : { startTimer }),
  });
}

const ask = (adapter: AgentAdapter, changes: Partial<AgentRequest> = {}) =>
  askCase({ adapter, request: { workDir: join(root, 'work'), runDir: join(root, 'run') } }, changes);

if (process.platform === 'win32') console.log('skipped: the agents of this test are shell scripts');
describe.skipIf(process.platform === 'win32')('an agent with a profile', () => {
  it('gets its prompt on stdin and answers with text, stripped of what does not belong to it', async () => {
    const adapter = await agentOf(
      `printf 'Welcome to small\\n10%%\\r100%%\\n\\033[1mread:\\033[0m '; cat`,
      'strip: [ansi, progress, Welcome to]',
    );
    const asked = ask(adapter, { prompt: 'Grüße "$HOME" 🙂' });
    expect((await asked.reply).text).toBe('100%\nread: Grüße "$HOME" 🙂');
    expect(asked.said('text')).toContain('read: Grüße');
  });

  it('gets its prompt as one argument, and its model', async () => {
    const adapter = await agentOf(`printf '<%s>' "$@"`, 'prompt: arg\nargs: [run]\nmodel_args: [--model, "{model}"]');
    expect((await ask(adapter, { prompt: `a 'b' $c`, model: 'm 1' }).reply).text).toBe(`<run><--model><m 1><a 'b' $c>`);
    expect((await ask(adapter, { prompt: 'x'.repeat(100_000), ask: 2 }).failure()).code).toBe('agent.incompatible');
  });

  it('gets its prompt in a private file that is gone afterwards', async () => {
    const adapter = await agentOf(`ls -l "$1" | cut -c1-10; cat "$1"`, 'prompt: file\nargs: ["{prompt_file}"]');
    expect((await ask(adapter, { prompt: 'in a file' }).reply).text).toBe('-rw-------\nin a file');
    expect(readdirSync(join(root, 'run'))).toEqual([]);
  });

  it('refuses a model that it cannot be told', async () => {
    const error = await ask(await agentOf('echo no'), { model: 'm' }).failure();
    expect(error).toMatchObject({ code: 'agent.not_configured', hint: expect.stringContaining('model_args') });
  });

  it('has a clean environment and its own folder', async () => {
    const adapter = await agentOf(
      'echo "$OTHER_KEY/$BUNDLE/$AIWORKFLOW_STEP_KEY"; pwd; cat >/dev/null',
      'cwd: project\nenv: [SOME_KEY]',
    );
    const { text } = await ask(adapter, { env: { BUNDLE: 'b', HIDDEN: 'h' }, stepKey: 'key-1' }).reply;
    expect(text).toMatch(/^\/b\/key-1\n.*\/project$/);
  });

  it('gives what a path of its JSON says, with usage and cost', async () => {
    const line = JSON.stringify({ out: { answer: 'forty-two' }, use: { in: 10, out: 5, cached: 99 }, usd: 0.1 });
    const adapter = await agentOf(
      `cat >/dev/null; echo '${line}'`,
      'output: json\nresult_path: out.answer\nusage: {input_tokens: use.in, output_tokens: use.out, cached_tokens: use.cached, cost_usd: usd}',
    );
    expect(await ask(adapter).reply).toMatchObject({
      ...{ text: 'forty-two', reportedCost: '0.1' },
      usage: { inputTokens: 10, outputTokens: 5, cachedTokens: 10 },
    });
  });

  it('takes the last line that has an answer', async () => {
    const lines = ['{"text":"one"}', 'no json', '{"text":"two"}', '{"done":true}'].map((line) => `echo '${line}'`);
    const adapter = await agentOf(`cat >/dev/null; ${lines.join('; ')}`, 'output: jsonl\nresult_path: text');
    expect((await ask(adapter).reply).text).toBe('two');
  });

  it.each([
    ['echo garbage', 'output: json\nresult_path: a', 'agent.invalid_reply'],
    [`echo '{"b":1}'`, 'output: json\nresult_path: a', 'agent.invalid_reply'],
    [`echo '{"e":"rate limit reached"}'`, 'output: json\nresult_path: a\nerror_path: e', 'agent.rate_limited'],
    ['echo "401 unauthorized" >&2; exit 1', '', 'agent.not_logged_in'],
    ['echo "service overloaded" >&2; exit 1', '', 'agent.overloaded'],
    ['echo "connect ECONNREFUSED" >&2; exit 1', '', 'agent.failed'],
    ['exit 3', '', 'agent.failed'],
    ['kill -9 $$', '', 'agent.failed'],
    ['head -c 11000000 /dev/zero', '', 'agent.output_too_large'],
  ])('names its failure: %s %j', async (script, profile, code) => {
    expect((await ask(await agentOf(`cat >/dev/null; ${script}`, profile)).failure()).code).toBe(code);
  });

  it('may end with other codes of success', async () => {
    const adapter = await agentOf('cat >/dev/null; echo ok; exit 2', 'success_codes: [0, 2]');
    expect((await ask(adapter).reply).text).toBe('ok');
  });

  it('is stopped for its silence, and every line puts that off', async () => {
    const timers: { ms: number; onTime: () => void; isOn: boolean }[] = [];
    const startTimer: StartTimer = (ms, onTime) => {
      const timer = { ms, onTime, isOn: true };
      timers.push(timer);
      return () => {
        timer.isOn = false;
      };
    };
    const asked = ask(await agentOf('echo a line; sleep 60', '', startTimer));
    await waitUntil('the line was heard', () => asked.said('text') === 'a line\n');
    expect(timers.map(({ ms, isOn }) => ({ ms, isOn }))).toEqual([
      { ms: 300_000, isOn: false },
      { ms: 300_000, isOn: true },
    ]);
    timers[1]?.onTime();
    expect((await asked.failure()).toRecord()).toMatchObject({ code: 'agent.silent', retryable: true });
  });

  it('repeats no key', async () => {
    const adapter = await agentOf(
      'cat >/dev/null; echo "key $SOME_KEY"; echo "bad $SOME_KEY" >&2; exit 1',
      'env: [SOME_KEY]',
    );
    const asked = ask(adapter);
    const error = await asked.failure();
    expect(JSON.stringify([error.toRecord(), asked.notes])).not.toContain(KEY);
  });

  it('is checked by its version and what its check prints', async () => {
    const script = `case "$1" in --version) echo "small 1.2.3";; *) echo "state: $STATE";; esac`;
    const signal = new AbortController().signal;
    expect(await (await agentOf(script)).probe(signal)).toEqual({ version: '1.2.3' });
    const sick = await agentOf(script, 'health: {args: [status], expect: ready}');
    await expect(sick.probe(signal)).rejects.toMatchObject({ code: 'agent.unhealthy' });
  });

  it('is not installed where its command is not', async () => {
    const adapter = await agentOf('true');
    await rm(join(root, 'bin', 'small-agent'));
    expect(await adapter.isInstalled()).toBe(false);
    expect(await ask(adapter).failure()).toMatchObject({ code: 'agent.not_installed', hint: expect.any(String) });
  });
});

describe.runIf(process.platform === 'linux')('an agent that its settings hold', () => {
  it.runIf(findSandbox().kind === 'bubblewrap')('sees and writes in the sandbox only what it is given', async () => {
    const apart = await mkdtemp('/var/tmp/aiw-agent-');
    for (const name of ['given', 'other']) await mkdir(join(apart, name));
    for (const name of ['given', 'other']) await writeFile(join(apart, name, 'x'), 'x');
    const acts = [
      `cat ${apart}/given/x`,
      `cat ${apart}/other/x`,
      `echo y > ${apart}/given/x`,
      'echo y > here',
      'echo y > "$AIWORKFLOW_RUN_DIR/y"',
    ];
    const script = acts.map((act) => `(${act}) >/dev/null 2>&1 && echo ok || echo no`).join('\n');
    const sandbox = { read: [join(apart, 'given')], network: false };
    const adapter = await agentOf(script, '', undefined, { sandbox });
    const asked = ask(adapter);
    expect((await asked.reply).text.split('\n')).toEqual(['ok', 'no', 'no', 'no', 'ok']);
    const writing = ask(adapter, { ask: 2, permissions: { write: ['**'], enforce: 'best_effort' } });
    expect((await writing.reply).text.split('\n')).toEqual(['ok', 'no', 'no', 'ok', 'ok']);
    expect(asked.notes).toContainEqual(
      expect.objectContaining({ text: expect.stringMatching(/^Contained by bubblewrap: .*no network\.$/) }),
    );
    expect((await adapter.probe(new AbortController().signal)).version).toBeNull();
    await rm(apart, { recursive: true });
  });

  it('is ended beyond a limit, and refuses one that cannot be read', async () => {
    const adapter = await agentOf('for n in 1 2 3 4 5 6; do sleep 600 & done; wait', '', undefined, {
      limits: { processes: 4, memory: '2GB' },
    });
    expect(await ask(adapter).failure()).toMatchObject({
      code: 'agent.limit_exceeded',
      details: { limit: 'too_many_processes' },
    });
    const wrong = await agentOf('echo no', '', undefined, { limits: { memory: 'much' } });
    expect(await ask(wrong, { ask: 2 }).failure()).toMatchObject({
      code: 'agent.not_configured',
      hint: expect.stringContaining('2GB'),
    });
  });
});
