import { type LaunchedDesktop, launchDesktopMain } from '../electron-stand-in/launch-desktop.ts';
import { type LaunchedMain, launchMainWithoutPages } from '../electron-stand-in/launch-main.ts';
import { productEntry } from '../product-entry.ts';
import { CALM, hostEnvironment, knowProject, makeHome, type OpenDoorOptions, type OpenedDoor } from './door-options.ts';

/** Starts the real desktop app against the stand-in of `electron` and gives its window. */
export async function launchDesktop(options: OpenDoorOptions): Promise<LaunchedDesktop & OpenedDoor> {
  const { home, remove } = makeHome(options.home);
  knowProject(home, options);
  try {
    const desktop = await launchDesktopMain({
      main: productEntry('desktop', options.appRoot),
      args: [`--project=${options.projectPath}`],
      env: hostEnvironment(home, options),
    });
    await desktop.page.emulateMedia(CALM);
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

/** Starts the real desktop app where no page is looked at: no Chromium is started. `args` come behind those that name the project. */
export function launchDesktopWithoutPages(
  options: OpenDoorOptions & { readonly home: string; readonly args?: readonly string[] },
): Promise<LaunchedMain> {
  knowProject(options.home, options);
  return launchMainWithoutPages({
    main: productEntry('desktop', options.appRoot),
    args: [`--project=${options.projectPath}`, ...(options.args ?? [])],
    env: hostEnvironment(options.home, options),
  });
}
