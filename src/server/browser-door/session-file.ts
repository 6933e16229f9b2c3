import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { appLog } from '../../core/app-log/index.ts';
import type { SessionKeeper } from './sessions.ts';

const kept = z.strictObject({
  key: z.string().length(43),
  sessions: z
    .array(
      z.tuple([
        z.string().max(100),
        z.strictObject({ openedAt: z.number(), usedAt: z.number(), isUser: z.boolean().optional() }),
      ]),
    )
    .max(100),
});

/**
 * Sessions of one project on one port, in the folder of the user and readable by nobody else. A file that is missing or broken means
 * no sessions; one that cannot be written, that they end with the process as they would without it.
 */
export function sessionFile(userDataDir: string, projectPath: string, port: number): SessionKeeper {
  const dir = join(userDataDir, 'browser-sessions');
  const name = createHash('sha256').update(`${projectPath}\n${port}`).digest('hex').slice(0, 32);
  const path = join(dir, `${name}.json`);
  return {
    read() {
      try {
        const parsed = kept.safeParse(JSON.parse(readFileSync(path, 'utf8')));
        return parsed.success ? parsed.data : null;
      } catch {
        return null;
      }
    },
    write(sessions) {
      try {
        mkdirSync(dir, { recursive: true, mode: 0o700 });
        writeFileSync(`${path}.new`, JSON.stringify(sessions), { mode: 0o600 });
        renameSync(`${path}.new`, path);
      } catch (thrown) {
        appLog.error('browser sessions are not kept', thrown);
      }
    },
  };
}
