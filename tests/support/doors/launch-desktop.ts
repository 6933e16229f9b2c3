import { type LaunchedDesktop, launchDesktopMain } from '../electron-stand-in/launch-desktop.ts';
import { productEntry } from '../product-entry.ts';
import { hostEnvironment, makeHome, type OpenDoorOptions, type OpenedDoor } from './door-options.ts';

/** Starts the real desktop app against the stand-in of `electron` and gives its window. */
export async function launchDesktop(options: OpenDoorOptions): Promise<LaunchedDesktop & OpenedDoor> {
  const { home, remove } = makeHome(options.home);
  try {
    const desktop = await launchDesktopMain({
      main: productEntry('desktop', options.appRoot),
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
