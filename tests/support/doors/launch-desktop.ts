import { join } from 'node:path';
import { type LaunchedDesktop, launchDesktopMain } from '../electron-stand-in/launch-desktop.ts';
import { hostEnvironment, makeHome, type OpenDoorOptions, type OpenedDoor, REPOSITORY } from './door-options.ts';

export interface LaunchDesktopDoorOptions extends OpenDoorOptions {
  /** Main script below `appRoot`; `dist/node/electron-main.js` runs the build. */
  readonly main?: string;
}

/** Starts the real desktop app against the stand-in of `electron` and gives its window. */
export async function launchDesktop(options: LaunchDesktopDoorOptions): Promise<LaunchedDesktop & OpenedDoor> {
  const { home, remove } = makeHome(options.home);
  try {
    const desktop = await launchDesktopMain({
      main: join(options.appRoot ?? REPOSITORY, options.main ?? 'src/main/electron-main.ts'),
      args: [`--project=${options.projectPath}`],
      env: hostEnvironment(home, options),
    });
    const close = async (): Promise<number | null> => {
      const code = await desktop.close();
      remove();
      return code;
    };
    const kill = async (): Promise<void> => {
      desktop.child.kill('SIGKILL');
      await desktop.exited;
    };
    return { ...desktop, name: 'desktop', kill, close };
  } catch (error) {
    remove();
    throw error;
  }
}
