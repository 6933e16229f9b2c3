import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LINK_SCHEME } from './deep-link.ts';

/** What a command line, or the system, asks the app to open. */
export type OpenTarget =
  | { readonly kind: 'link'; readonly link: string }
  /** Absolute path of a file or folder. */
  | { readonly kind: 'file'; readonly path: string };

/** Only archives of ours: the app is asked to open nothing else, and a page or a script must not choose what it reads. */
const ARCHIVE = /\.awb$/i;

/** What of a command line is to be opened: links of ours, archives, and behind `--import` whatever is named. The rest is Chromium's, or ours. */
export function targetsOf(argv: readonly string[], folder: string): readonly OpenTarget[] {
  return argv.flatMap((argument): readonly OpenTarget[] => {
    if (argument.startsWith(`${LINK_SCHEME}:`)) return [{ kind: 'link', link: argument }];
    if (argument.startsWith(IMPORT)) return fileAt(argument.slice(IMPORT.length), folder);
    if (argument.startsWith('-') || !ARCHIVE.test(argument)) return [];
    return fileAt(argument, folder);
  });
}

/**
 * A folder has no ending that could be told from other arguments: its entry in the menu of the system names it so. In one argument: Chromium
 * puts the switches of a second start before everything else.
 */
const IMPORT = '--import=';

/** Linux hands over what it opens as addresses (`%U` of the "Desktop Entry Specification"); only a file of this computer is one of ours. */
function fileAt(named: string, folder: string): readonly OpenTarget[] {
  if (named === '') return [];
  if (!/^file:/i.test(named)) return [{ kind: 'file', path: resolve(folder, named) }];
  try {
    return [{ kind: 'file', path: fileURLToPath(named) }];
  } catch {
    return [];
  }
}
