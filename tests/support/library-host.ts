/**
 * One change of the library in a process of its own, to be killed. Arguments: project folder, and the calls to make one after the other, as
 * JSON `[[name, input], …]`; `"$1"` in an input stands for the answer of the call before it, `"$1.field"` for a field of that.
 */
import { join } from 'node:path';
import { openControlCenter } from '../../src/core/control-center.ts';
import { TESTER } from './engine-harness.ts';
import { ownProject } from './own-project.ts';

const [projectPath = '', calls = '[]'] = process.argv.slice(2);
ownProject(projectPath, join(projectPath, '..', 'user'));
const center = await openControlCenter({
  projectPath,
  door: 'cli',
  resumeOpenRuns: false,
  examplesDir: '',
  resourcesDir: '',
  version: 'test',
  userDataDir: join(projectPath, '..', 'user'),
  home: projectPath,
});
let last: unknown = null;
for (const [name, input] of JSON.parse(calls) as [string, unknown][]) {
  const answer = await center.call(name, filled(input, last), TESTER);
  if (!answer.ok) throw new Error(`${name}: ${answer.error.code} ${answer.error.message}`);
  last = answer.value;
}
await center.close();

function filled(value: unknown, before: unknown): unknown {
  if (typeof value === 'string' && value.startsWith('$1'))
    return value
      .split('.')
      .slice(1)
      .reduce((found, key) => (found as Record<string, unknown>)[key], before);
  if (Array.isArray(value)) return value.map((one) => filled(one, before));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, before)]));
}
