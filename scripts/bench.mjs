// `npm run bench`: figures of the engine and its parts as ratios to the raw limit, in one run.
import { join } from 'node:path';
import { runNode } from './run-node.mjs';
import { root, setUp } from './setup.mjs';

setUp();
process.exitCode = await runNode([join(root, 'tests', 'bench', 'run.mjs'), ...process.argv.slice(2)], { cwd: root });
