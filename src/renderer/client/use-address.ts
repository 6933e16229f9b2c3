import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useSearchParams } from 'react-router';

/** What of an address becomes different, by itself or worked out of what was chosen last. */
export type AddressChange<T> = Partial<T> | ((latest: T) => Partial<T>);

/**
 * What the address of a screen says after its `?`, and the way to change parts of it. The address is drawn a moment after it was chosen: a
 * change that is made meanwhile adds to the one before and does not take it back. `read` and `write` are the same functions each time.
 */
export function useAddress<T extends object>(
  read: (params: URLSearchParams) => T,
  write: (value: T) => URLSearchParams,
): readonly [T, (change: AddressChange<T>) => void] {
  const [params, setParams] = useSearchParams();
  const address = params.toString();
  const value = useMemo(() => read(new URLSearchParams(address)), [read, address]);
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  }, [value]);
  const change = useCallback(
    (next: AddressChange<T>): void => {
      latest.current = { ...latest.current, ...(typeof next === 'function' ? next(latest.current) : next) };
      setParams(write(latest.current), { replace: true });
    },
    [write, setParams],
  );
  return [value, change];
}
