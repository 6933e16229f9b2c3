import { appLog } from '../core/app-log/index.ts';
import type { ControlCenter } from '../core/control-center.ts';
import { projectPaths } from '../core/projects/index.ts';
import { type SocketDoor, type SocketDoorOptions, startSocketDoor } from './socket-door/socket-door.ts';

export interface FollowingSocketDoorOptions extends Omit<SocketDoorOptions, 'center' | 'projectStateDir'> {
  /** `isHolding` false: another process holds the project and has its socket. */
  readonly center: ControlCenter & { readonly isHolding?: boolean };
}

/**
 * A socket door that follows the control center from project to project: with every `project` event the old one is closed
 * and the new project gets its own record, where this process holds it. The steps run one after the other, so the last project wins.
 */
export async function startFollowingSocketDoor(
  options: FollowingSocketDoorOptions,
): Promise<Pick<SocketDoor, 'close'>> {
  const { center } = options;
  const open = async (): Promise<SocketDoor | null> =>
    center.isHolding === false
      ? null
      : startSocketDoor({ ...options, projectStateDir: projectPaths(center.project().path).stateDir });
  let current = open();
  const stop = center.subscribe((batch) => {
    if (!batch.events.some((event) => event.kind === 'project')) return;
    current = current.then(async (door) => {
      await door?.close();
      return open();
    });
    // Without a socket door the app still works; only other processes cannot hand their operations over.
    current.catch((error: Error) => appLog.error('other programs cannot reach this one', error));
  });
  await current;
  return {
    close: async () => {
      stop();
      const door = await current.catch(() => null);
      await door?.close();
    },
  };
}
