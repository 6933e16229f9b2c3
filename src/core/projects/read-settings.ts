import { AppError } from '../../shared/errors.ts';
import { isJsonMap, type Json } from '../../shared/json.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { Setting, SettingSource } from '../../shared/model/setting.ts';
import { didYouMean } from '../../shared/suggest-name.ts';
import { locate, type Settings, type YamlNode } from '../yaml/index.ts';
import type { ReadConfig } from './read-project-config.ts';
import { SETTINGS, settingPath } from './setting-keys.ts';

/**
 * What holds for a setting, for all of a section, or for all there are, and where each comes from. Error: `config.invalid` for a key that
 * there is not.
 */
export function settingsOf(read: ReadConfig, key?: string): readonly Setting[] {
  const all = Object.keys(SETTINGS);
  if (key === undefined) return all.map((one) => settingOf(read, one));
  const inside = all.filter((one) => one.startsWith(`${key}.`));
  return inside.length > 0 ? inside.map((one) => settingOf(read, one)) : [settingOf(read, key)];
}

/** One setting. Error: `config.invalid`. */
export function settingOf(read: ReadConfig, key: string): Setting {
  const path = requirePath(key);
  return { key, value: valueAt(read, key, path), source: sourceOf(read, path) };
}

/** The keys that lead to a setting. Error: `config.invalid` with what was meant. */
export function requirePath(key: string): readonly [string, ...string[]] {
  const path = settingPath(key);
  if (path !== null) return path;
  const all = Object.keys(SETTINGS);
  const inside = all.filter((one) => one.startsWith(`${key}.`));
  if (inside.length > 0)
    throw new AppError('config.invalid', `'${key}' is a group of settings.`, {
      hint: `Settings here: ${inside.join(', ')}.`,
    });
  const hint = didYouMean(key, all) ?? 'A key leads to one setting, such as logging.level.';
  throw new AppError('config.invalid', `There is no setting '${key}'.`, { hint });
}

function valueAt({ config }: ReadConfig, key: string, path: readonly string[]): Json {
  const own = SETTINGS[key];
  if (own !== undefined) return own(config);
  const open = Object.keys(SETTINGS).find((one) => key.startsWith(`${one}.`)) ?? '';
  const rest = path.slice(open.split('.').length);
  return rest.reduce<Json>(
    (value, name) => (isJsonMap(value) ? (value[name] ?? null) : null),
    SETTINGS[open]?.(config) ?? null,
  );
}

const FROM_DEFAULT: SettingSource = { from: 'default', name: null, line: null };

/** Where a value stands that counts: one that is wrong does not, and has its default. */
function sourceOf(read: ReadConfig, path: readonly string[]): SettingSource {
  const node = writtenAt(read.root, path);
  if (node === undefined) return FROM_DEFAULT;
  const place = locate(node);
  const isWrong = read.diagnostics.some((one) => one.severity === 'error' && isAt(one, place));
  if (isWrong || place.file === undefined) return FROM_DEFAULT;
  if (!node.source.hasLines) return { from: 'variable', name: place.file, line: null };
  return {
    from: place.file === 'aiworkflow.local.yaml' ? 'local' : 'file',
    name: place.file,
    line: place.line ?? null,
  };
}

/** What is written for a setting, wherever that is. */
export function writtenAt(root: Settings, path: readonly string[]): YamlNode | undefined {
  const section = path.slice(0, -1).reduce((fields, key) => fields.section(key), root);
  return section.get(path.at(-1) ?? '')?.node;
}

/** Whether a problem is told of a place. */
export const isAt = (one: Diagnostic, place: Pick<Diagnostic, 'file' | 'line' | 'column'>): boolean =>
  one.file === place.file && one.line === place.line && one.column === place.column;
