import { readdirSync, readFileSync } from 'node:fs';

/**
 * Kills the process helpers that serve a project: those whose arguments name its folder (Linux). The keeper that started one ends by
 * itself and is not counted.
 */
export function killHelpers(projectPath: string): number {
  let killed = 0;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const line = readFileSync(`/proc/${entry}/cmdline`, 'utf8');
      const isKeeper = line.split('\0', 1)[0]?.endsWith('perl') === true;
      if (isKeeper || !line.includes('process-helper') || !line.includes(projectPath)) continue;
      process.kill(Number(entry), 'SIGKILL');
      killed += 1;
    } catch {
      // The process went away while we looked.
    }
  }
  return killed;
}
