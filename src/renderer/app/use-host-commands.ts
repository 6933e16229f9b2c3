import { useEffect, useRef } from 'react';
import { getHost, type HostCommand } from '../client/bridge.ts';
import { chooseFolder, requestStagedImport } from '../client/shell-requests.ts';
import { showToast } from '../ui/toasts.tsx';
import { worded } from '../ui/worded.ts';
import { useProjectSwitch } from './project-switch.ts';

/** Obeys the menu of the desktop app and what the system opens with it; a browser has neither. */
export function useHostCommands(open: (overlay: 'palette' | 'shortcuts' | 'doctor') => void): void {
  const switchTo = useProjectSwitch();
  const obey = useRef<(command: HostCommand) => void>(() => undefined);
  obey.current = (command) => {
    switch (command.name) {
      case 'open-folder':
        return chooseFolder();
      case 'open-project':
        return void switchTo(command.path);
      case 'staged':
        return requestStagedImport(command.title, command.uploadId);
      case 'problem':
        return showToast(`${worded(command.message)} ${worded(command.hint)}`.trim());
      default:
        return open(command.name);
    }
  };
  useEffect(() => getHost()?.onCommand((command) => obey.current(command)), []);
}
