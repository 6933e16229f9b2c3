import { readdirSync, readFileSync } from 'node:fs';

/** Kills the process helpers that serve a project: those whose arguments name its folder (Linux). */
export function killHelpers(projectPath: string): number {
  let killed = 0;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const line = readFileSync(`/proc/${entry}/cmdline`, 'utf8');
      if (!line.includes('process-helper') || !line.includes(projectPath)) continue;
      process.kill(Number(entry), 'SIGKILL');
      killed += 1;
    } catch {
      // The process went away while we looked.
    }
  }
  return killed;
}
