import { useRef } from 'react';
import type { Foreseen, InputOf } from '../../../../shared/contract/index.ts';
import type { ErrorRecord } from '../../../../shared/errors.ts';
import { call } from '../../../client/bridge.ts';
import { useOwnQuery } from '../../../client/use-query.ts';

/** While somebody types, so late. */
const SETTLE_MS = 200;

interface Foresight {
  /** The last one that could be told, while another is on its way. */
  readonly plan: Foreseen | null;
  /** Why nothing can be told of what stands there now. */
  readonly error: ErrorRecord | null;
  readonly refresh: () => void;
}

/** The next starts of a schedule that is being written, and what would stop them; asked again with every change. */
export function useForeseen(input: InputOf<'schedules.foresee'> | null): Foresight {
  const { data, refresh } = useOwnQuery(
    {
      ask: (asked: string) => call('schedules.foresee', JSON.parse(asked) as InputOf<'schedules.foresee'>),
      settleMs: SETTLE_MS,
    },
    input === null ? null : JSON.stringify(input),
  );
  const shown = useRef<Foreseen | null>(null);
  if (data.value !== null) shown.current = data.value;
  if (data.status === 'error') return { plan: null, error: data.error, refresh };
  return { plan: shown.current, error: null, refresh };
}
