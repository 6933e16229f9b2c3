import { execFileSync } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import { type CliWorld, openCliWorld } from '../support/run-cli.ts';

let world: CliWorld;
afterEach(() => world.dispose());

it('completion gives bash the commands and options at each place of a line', async () => {
  world = await openCliWorld();
  const { exitCode, stdout } = await world.run('completion', 'bash');
  expect(exitCode).toBe(0);
  const complete = (...words: readonly string[]): readonly string[] => {
    const line = ['aiworkflow', ...words].map((word) => `'${word}'`).join(' ');
    const ask = `COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _aiworkflow; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', `${stdout}\n${ask}`], { encoding: 'utf8' })
      .trim()
      .split('\n');
  };
  expect(complete('que')).toEqual(['queue']);
  expect(complete('--json', 'queue', 'p')).toEqual(expect.arrayContaining(['publish', 'pause', 'purge']));
  expect(complete('queue', 'dead', '')).toEqual(expect.arrayContaining(['list', 'requeue']));
  expect(complete('queue', 'publish', 'greet', '--prio')).toEqual(['--priority']);
  for (const shell of ['zsh', 'fish'])
    expect((await world.run('--json', 'completion', shell)).json()).toEqual({ shell, script: expect.any(String) });
  expect((await world.run('completion', 'csh')).exitCode).toBe(2);
});
