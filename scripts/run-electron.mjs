// Starts the desktop app with a given Electron binary: node run-electron.mjs <binary>
import { spawn } from 'node:child_process';
import { root } from './setup.mjs';

const child = spawn(process.argv[2], [root], { stdio: 'inherit' });
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
