import type { RunFile } from '../../../shared/contract/index.ts';
import type { Json, JsonMap } from '../../../shared/json.ts';
import { endingOf } from './file-kind.ts';

/** What people read, in this order where nothing else tells which is meant. */
const READABLE = ['html', 'htm', 'md', 'markdown', 'csv', 'pdf'];
const rankOf = ({ path }: RunFile): number => READABLE.indexOf(endingOf(path));

/** The file of the run that a text names: by its path in the folder of the run, or by one that leads there. */
export const fileNamed = (files: readonly RunFile[], text: string): RunFile | null =>
  text.length > 1000
    ? null
    : (files.find(({ path }) => {
        const plain = text.replace(/^\.\//, '').replaceAll('\\', '/');
        return plain === path || plain.endsWith(`/${path}`);
      }) ?? null);

const textsOf = (value: Json): readonly string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

/**
 * The one file that the run was for: the first that an output names (those that people read before others), else the newest of the
 * kinds that people read. Null = it left none.
 */
export function mainFileOf(files: readonly RunFile[], outputs: JsonMap): RunFile | null {
  const named = Object.values(outputs)
    .flatMap(textsOf)
    .flatMap((text) => fileNamed(files, text) ?? []);
  const first = named.find((file) => rankOf(file) >= 0) ?? named[0];
  if (first !== undefined) return first;
  const readable = files.filter((file) => rankOf(file) >= 0);
  return readable.toSorted((a, b) => b.modifiedAt - a.modifiedAt || rankOf(a) - rankOf(b))[0] ?? null;
}
