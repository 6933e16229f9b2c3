import { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { expect, vi } from 'vitest';

/**
 * Does the work, and holds it to this: nothing was started and nothing was reached meanwhile by this process. A helper that is at work
 * already starts processes unseen: the project has to be opened anew just before.
 */
export async function callsNothing<T>(work: () => Promise<T>): Promise<T> {
  const spawned = vi.spyOn(ChildProcess.prototype as unknown as { spawn: () => unknown }, 'spawn');
  const connected = vi.spyOn(Socket.prototype, 'connect');
  try {
    const result = await work();
    expect(spawned).not.toHaveBeenCalled();
    expect(connected).not.toHaveBeenCalled();
    return result;
  } finally {
    spawned.mockRestore();
    connected.mockRestore();
  }
}
