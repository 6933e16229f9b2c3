import { resolve } from 'node:path';
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
  return argv.flatMap((argument, at): readonly OpenTarget[] => {
    if (argument.startsWith(`${LINK_SCHEME}:`)) return [{ kind: 'link', link: argument }];
    const isNamed = argv[at - 1] === IMPORT;
    if (argument.startsWith('-') || !(isNamed || ARCHIVE.test(argument))) return [];
    return [{ kind: 'file', path: resolve(folder, argument) }];
  });
}

/** A folder has no ending that could be told from other arguments: its entry in the menu of the system names it so. */
const IMPORT = '--import';
