import type { MissedStart } from './find-missed.ts';
import type { WakeCommand } from './wake-order.ts';
import { xmlText } from './xml-text.ts';

const SHOWN_STARTS = 3;

const WHY: Readonly<Record<MissedStart['why'], string>> = {
  closed: 'nobody was there',
  asleep: 'the computer slept',
  clock_jumped: 'the clock was set',
  missed: 'it was not started in time',
  failed: 'it could not be started',
  asks: 'it was missed, and waits for your word',
  unknown: 'nobody wrote down what became of it',
  silent: 'whoever holds the project does not answer',
};

/**
 * What is said of starts that did not happen; `timeOf` writes an instant (UTC ms) as a clock shows it, `word` says a sentence in the language of
 * whoever reads it.
 */
export function missedNotice(
  missed: readonly MissedStart[],
  timeOf: (at: number) => string,
  word: (sentence: string) => string = (sentence) => sentence,
): { readonly title: string; readonly text: string } {
  const lines = missed
    .slice(0, SHOWN_STARTS)
    .map(({ workflowName, at, why, error }) => `${workflowName}, ${timeOf(at)}: ${word(error ?? WHY[why])}`);
  const more = missed.length - lines.length;
  return {
    title: word(missed.length === 1 ? 'A start did not happen' : `${missed.length} starts did not happen`),
    text: [...lines, ...(more > 0 ? [word(`and ${more} more`)] : [])].join('\n'),
  };
}

/** The program of a system (`platform` as Node names it) that shows a notice on the desktop; null = none is known. */
export function noticeCommand(
  platform: string,
  { title, text }: { readonly title: string; readonly text: string },
): WakeCommand | null {
  if (platform === 'linux') return { program: 'notify-send', args: ['--app-name=aiworkflow', '--', title, text] };
  if (platform === 'darwin')
    return {
      program: 'osascript',
      args: ['-e', `display notification ${appleText(text)} with title "aiworkflow" subtitle ${appleText(title)}`],
    };
  if (platform === 'win32')
    return { program: 'powershell', args: ['-NoProfile', '-Command', toastScript(title, text)] };
  return null;
}

const appleText = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** A toast of the app, whose model id is set at its start; a here-string of PowerShell expands nothing in single quotes. */
function toastScript(title: string, text: string): string {
  const toast = `<toast><visual><binding template="ToastGeneric"><text>${xmlText(title)}</text><text>${xmlText(text)}</text></binding></visual></toast>`;
  return [
    '[Windows.UI.Notifications.ToastNotificationManager,Windows.UI.Notifications,ContentType=WindowsRuntime]|Out-Null',
    '$x=[Windows.Data.Xml.Dom.XmlDocument,Windows.Data.Xml.Dom,ContentType=WindowsRuntime]::new()',
    `$x.LoadXml('${toast.replaceAll("'", "''")}')`,
    "[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier('io.aiworkflow.app').Show([Windows.UI.Notifications.ToastNotification]::new($x))",
  ].join(';');
}
