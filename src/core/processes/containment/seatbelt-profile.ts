import type { BoxPlan } from './containment.ts';
import { programPlaces, uncovered } from './visible-places.ts';

/** Where macOS keeps its programs and what every program reads. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/System', '/Library', '/private/etc', '/private/var/db', '/dev', '/opt'];

/**
 * The profile of `sandbox-exec` for a plan. Of rules that meet the same call the last one counts, so what is denied stands before what is
 * open in it. Processes of others are seen, and only its own are signalled: macOS parts no processes.
 */
export function seatbeltProfile(plan: BoxPlan): string {
  const { containment, hidden, home, tmpDir } = plan;
  const { read, write, own } = containment;
  const written = own.filter(({ mayWrite }) => mayWrite).map(({ path }) => path);
  const onlyRead = own.filter(({ mayWrite }) => !mayWrite).map(({ path }) => path);
  return [
    '(version 1)',
    '(allow default)',
    '(deny signal)',
    '(allow signal (target same-sandbox))',
    ...(containment.network === false ? ['(deny network*)'] : []),
    ...(read === null
      ? []
      : [
          '(deny file-read* (subpath "/"))',
          '(allow file-read-metadata)',
          '(allow file-read* (literal "/"))',
          ...rules('allow file-read*', [...SYSTEM, ...programPlaces(plan), ...read, ...(write ?? []), tmpDir]),
          ...(home === null ? [] : [`(deny file-read-data (literal ${quoted(home)}))`]),
        ]),
    ...(write === null && read === null
      ? []
      : [
          '(deny file-write* (subpath "/"))',
          ...rules('allow file-write*', [...(write ?? []), tmpDir, '/dev/null', '/dev/tty']),
        ]),
    ...rules('deny file-read* file-write*', hidden),
    ...rules('allow file-read*', onlyRead),
    ...rules('deny file-write*', onlyRead),
    ...rules('allow file-read* file-write*', written),
    ...uncovered(plan).flatMap(({ folder, inside }) => [
      ...rules('deny file-read* file-write*', [folder]),
      ...inside.flatMap(({ path, mayWrite }) =>
        rules(mayWrite ? 'allow file-read* file-write*' : 'allow file-read*', [path]),
      ),
    ]),
    '',
  ].join('\n');
}

const rules = (what: string, paths: readonly string[]): readonly string[] =>
  paths.map((path) => `(${what} (subpath ${quoted(path)}))`);

/** A text of the profile's language. */
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
