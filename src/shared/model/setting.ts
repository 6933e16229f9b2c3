import type { Json } from '../json.ts';

/** Where the value of a setting comes from. */
export interface SettingSource {
  readonly from: 'default' | 'file' | 'local' | 'variable';
  /** The file or the variable; null = it has its default. */
  readonly name: string | null;
  readonly line: number | null;
}

/** A setting of the project, in the words of its file; what is secret is left out. */
export interface Setting {
  readonly key: string;
  readonly value: Json;
  readonly source: SettingSource;
}
