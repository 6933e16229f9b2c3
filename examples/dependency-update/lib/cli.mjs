import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/** Parameters that are too long for arguments come as one JSON map on stdin. */
function readStdin() {
  const map = JSON.parse(readFileSync(0, 'utf8'));
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

/** The operation and its parameters as the app passes them: `tool.mjs OPERATION --key=value …`. */
export function readArguments(argv) {
  const [operation, ...rest] = argv;
  const parameters = process.env.AIWORKFLOW_INPUT === 'stdin' ? readStdin() : {};
  for (const argument of rest) {
    const match = /^--(no-)?([A-Za-z_][A-Za-z0-9_]*)(?:=([\s\S]*))?$/.exec(argument);
    if (match === null) throw new UsageError(`Unexpected argument: ${argument}`);
    parameters[match[2]] = match[3] ?? (match[1] === undefined ? 'true' : 'false');
  }
  return { operation, parameters };
}

/** A mistake in the inputs: trying again cannot help, so the script ends with code 2. */
export class UsageError extends Error {}

/** Lasting files go to the run's folder. */
export function outputPath(name) {
  return resolve(process.env.AIWORKFLOW_RUN_DIR ?? '.', name);
}

/** Progress goes to stderr, where the app shows it live; stdout is kept for the result. */
export function progress(text) {
  process.stderr.write(`${text}\n`);
}

export async function readJson(name) {
  return JSON.parse(await readFile(outputPath(name), 'utf8'));
}

export async function writeOutput(name, text) {
  await writeFile(outputPath(name), text);
  progress(`wrote ${name} (${Buffer.byteLength(text)} bytes)`);
  return name;
}

/** Runs one operation and prints its result as JSON. */
export async function main(operations) {
  try {
    const { operation, parameters } = readArguments(process.argv.slice(2));
    const run = operations[operation];
    if (run === undefined) throw new UsageError(`Unknown operation: ${operation}`);
    process.stdout.write(`${JSON.stringify(await run(parameters))}\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
