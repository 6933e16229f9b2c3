#!/usr/bin/env node
/**
 * `node scripts/test-costs.mjs [files or folders of tests]`: runs each test file alone and says what it took of the processors, with all
 * that it started; the dearest first. Of a machine with other work the processor seconds still say something, the others do not. Linux
 * on x64 or arm64 with perl.
 */
import { relative } from 'node:path';
import { isBuilt } from './parts/build.mjs';
import { at, ROOT, say } from './parts/places.mjs';
import { node24, runTool, toolEnv } from './parts/run-command.mjs';
import { setUp } from './parts/set-up.mjs';

const VITEST = at('node_modules', 'vitest', 'vitest.mjs');
const PRCTL = { x64: 157, arm64: 167 }[process.arch];
/** PR_SET_CHILD_SUBREAPER: what is left behind by its parent comes to this process, is waited for and so counted, as the kept helpers are. */
const COUNT = `
syscall(shift @ARGV, 36, 1, 0, 0, 0);
my $tests = fork;
exec { $ARGV[0] } @ARGV unless $tests;
my $code = 0;
while ((my $ended = wait) != -1) { $code = $? if $ended == $tests }
my (undef, undef, $user, $system) = times;
printf "\\ncost %.1f\\n", $user + $system;
exit($code == 0 ? 0 : 1);
`;

await setUp();
if (process.platform !== 'linux' || PRCTL === undefined) throw new Error('Only Linux on x64 or arm64 counts this.');
// The build was just made: tests start it, as in `npm test`.
const env = toolEnv(isBuilt() ? { AIWORKFLOW_TESTS_OF_BUILD: '1' } : {});
const listed = await runTool(node24(), [VITEST, 'list', ...process.argv.slice(2), '--filesOnly', '--json'], {
  capture: true,
  env,
});
const rows = [];
for (const { file } of JSON.parse(listed.output.slice(listed.output.indexOf('[')))) {
  const startedAt = Date.now();
  const args = ['-e', COUNT, String(PRCTL), node24(), VITEST, 'run', file];
  const { code, output } = await runTool('perl', args, { capture: true, env });
  const cost = Number(/^cost ([\d.]+)$/m.exec(output)?.[1]);
  rows.push({ cost, text: rowOf(cost, (Date.now() - startedAt) / 1000, code, relative(ROOT, file)) });
  say(rows.at(-1).text);
}
say(' processor s   elapsed s');
for (const { text } of rows.toSorted((one, other) => other.cost - one.cost)) process.stdout.write(`${text}\n`);

function rowOf(cost, seconds, code, file) {
  return `${cost.toFixed(1).padStart(12)}${seconds.toFixed(1).padStart(12)}  ${file}${code === 0 ? '' : ' FAILED'}`;
}
