import { realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { isInside } from '../../files/index.ts';
import type { BoxPlan, OwnPlace } from './containment.ts';

/**
 * What has to be seen so that the programs of a plan run, outside of the system's folders: the folders of PATH and, for each program, where
 * it is installed. Never the home folder as a whole, and nothing above it.
 */
export function programPlaces({ containment, home, path }: BoxPlan): readonly string[] {
  const isWide = (folder: string): boolean => folder === sep || (home !== null && isInside(folder, home));
  const places = [...path, ...containment.programs.flatMap((program) => installedAt(program, isWide))];
  return [...new Set(places)].filter((place) => place !== '' && !isWide(place));
}

/** What nobody may see and lies in a place of its own: it is hidden once more, and what is its own in there is seen all the same. */
export function uncovered({
  hidden,
  containment: { own },
}: BoxPlan): readonly { readonly folder: string; readonly inside: readonly OwnPlace[] }[] {
  const isIn = (outer: string, inner: string): boolean => outer !== inner && isInside(outer, inner);
  return hidden
    .filter((folder) => own.some(({ path }) => isIn(path, folder)))
    .map((folder) => ({ folder, inside: own.filter(({ path }) => isIn(folder, path)) }));
}

const BINARIES: ReadonlySet<string> = new Set(['bin', 'sbin', 'shims']);

/** The folder of a program, and of `<prefix>/bin/<program>` the prefix, where its libraries lie. */
function installedAt(program: string, isWide: (folder: string) => boolean): readonly string[] {
  return [program, realOf(program)].flatMap((file) => {
    const folder = dirname(file);
    const prefix = dirname(folder);
    if (!BINARIES.has(basename(folder)) || isWide(prefix)) return [file, folder];
    // `~/.local` holds keys and mails beside programs.
    return basename(prefix) === '.local' ? [folder, join(prefix, 'lib')] : [prefix];
  });
}

function realOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
