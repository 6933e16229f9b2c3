import { type BrowserWindow, clipboard, dialog } from 'electron';
import { words } from '../words/index.ts';

const COPY = 1;

/** What this is, with every version that a report of a problem needs. */
export function versionLines(version: string): readonly string[] {
  const { electron = 'none', chrome = 'none', node, v8 } = process.versions;
  return [
    `aiworkflow ${version}`,
    `Electron ${electron}`,
    `Chromium ${chrome}`,
    `Node ${node}`,
    `V8 ${v8}`,
    `${process.platform} ${process.arch} ${process.getSystemVersion?.() ?? ''}`.trim(),
  ];
}

/** Shows what this is, and copies it for whoever wants to report something. */
export async function showAbout(window: BrowserWindow, version: string): Promise<void> {
  const [message = '', ...rest] = versionLines(version);
  const { response } = await dialog.showMessageBox(window, {
    type: 'none',
    title: words().about.title,
    message,
    detail: rest.join('\n'),
    buttons: [words().close, words().about.copy],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  if (response === COPY) clipboard.writeText([message, ...rest].join('\n'));
}
