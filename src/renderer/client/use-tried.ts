import { useCallback, useRef, useState } from 'react';
import { type ErrorRecord, toErrorRecord } from '../../shared/errors.ts';

interface Tried {
  readonly isBusy: boolean;
  /** Why the newest act failed; null = it did not. */
  readonly error: ErrorRecord | null;
  /** Does one act at a time; true = it worked. What it throws is kept, to be shown where it belongs. */
  readonly attempt: (work: () => Promise<unknown>) => Promise<boolean>;
}

/** Acts of a form: what was refused stands beside the field that it is about, and in no toast. */
export function useTried(): Tried {
  const isBusy = useRef(false);
  const [state, setState] = useState<Pick<Tried, 'isBusy' | 'error'>>({ isBusy: false, error: null });
  const attempt = useCallback<Tried['attempt']>(async (work) => {
    if (isBusy.current) return false;
    isBusy.current = true;
    setState(({ error }) => ({ isBusy: true, error }));
    let error: ErrorRecord | null = null;
    try {
      await work();
    } catch (thrown) {
      error = toErrorRecord(thrown);
    }
    isBusy.current = false;
    setState({ isBusy: false, error });
    return error === null;
  }, []);
  return { ...state, attempt };
}
