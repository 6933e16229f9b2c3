import { open } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { findProgram } from '../../processes/index.ts';
import type { CliAdapterOptions } from './adapter-options.ts';
import { pathOf } from './agent-environment.ts';

/** A program and how a person gets it. */
export interface AgentProgram {
  readonly agent: string;
  readonly command: string;
  readonly installHint: string;
}

const SHIM_BYTES = 8192;
/** What npm writes into a `.cmd` for a package whose command is a program, not a script. */
const SHIM_TARGET = /"%(?:~dp0|dp0%)\\?([^"%]+\.exe)"/i;

/** Whether the program is there: reads PATH, starts nothing. */
export async function isProgramInstalled(
  program: AgentProgram,
  hostEnv: CliAdapterOptions['hostEnv'],
): Promise<boolean> {
  return (await findProgram(program.command, pathOf(hostEnv))) !== null;
}

/** The file to execute. `agent.not_installed` with the way to get it. */
export async function requireProgram(program: AgentProgram, hostEnv: CliAdapterOptions['hostEnv']): Promise<string> {
  const found = await findProgram(program.command, pathOf(hostEnv));
  if (found !== null) return await behindShim(found);
  throw new AppError(
    'agent.not_installed',
    `The agent ${program.agent} is not installed: ${program.command} was not found.`,
    {
      hint: program.installHint,
      details: { agent: program.agent, command: program.command },
    },
  );
}

/** Batch files cannot be started without a shell; npm's ones name the program behind them. */
export async function behindShim(file: string): Promise<string> {
  if (!['.cmd', '.bat'].includes(extname(file).toLowerCase())) return file;
  const target = SHIM_TARGET.exec(await readHead(file).catch(() => ''))?.[1];
  return target === undefined ? file : join(dirname(file), ...target.split('\\'));
}

async function readHead(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(SHIM_BYTES), 0, SHIM_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
