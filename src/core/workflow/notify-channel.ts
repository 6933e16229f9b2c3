import type { Json } from '../../shared/json.ts';
import type { Step } from '../../shared/model/workflow.ts';

/** Where a notice goes, and what it says; `text` is a template, null = what has failed. */
export interface NotifyTarget {
  readonly channel: string;
  readonly text: string | null;
}

/** What `notify` of `on_error` asks for (SPEC §1.6): the name of a channel, or `{channel, text}`. `none` = nothing, `bad` = it names no channel. */
export function notifyTarget(notify: Json | undefined): NotifyTarget | 'none' | 'bad' {
  if (notify === undefined || notify === null || notify === false || notify === '') return 'none';
  if (typeof notify === 'string') return { channel: notify, text: null };
  if (typeof notify !== 'object' || Array.isArray(notify)) return 'bad';
  const { channel, text = null, ...rest } = notify as { channel?: Json; text?: Json };
  const isWhole = typeof channel === 'string' && channel !== '' && (text === null || typeof text === 'string');
  return isWhole && Object.keys(rest).length === 0 ? { channel, text: text as string | null } : 'bad';
}

/** The channels that a step names. */
export const channelsOf = ({ onError }: Pick<Step, 'onError'>): readonly string[] =>
  onError.flatMap(({ notify }) => {
    const target = notifyTarget(notify);
    return typeof target === 'string' ? [] : [target.channel];
  });
