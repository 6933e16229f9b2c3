import { useCallback, useEffect, useMemo, useRef } from 'react';
import { type Location, NavigationType, useLocation, useNavigationType, useSearchParams } from 'react-router';

/** What of an address becomes different, by itself or worked out of what was chosen last. */
export type AddressChange<T> = Partial<T> | ((latest: T) => Partial<T>);

interface ShownAddress {
  readonly params: URLSearchParams;
  /** Another object at each change, also when the address is the same. */
  readonly location: Location;
  /** This screen wrote it. It is drawn a moment after it was written, perhaps behind a newer one: it says nothing new. */
  readonly isOwn: boolean;
  /** In place of the one that is shown: Back leads to the screen before. */
  readonly write: (params: URLSearchParams | string) => void;
}

/** False from the moment at which somebody goes elsewhere, which is drawn later: what the screen before says then is not said of the next one. */
const isStillAt = (pathname: string): boolean => window.location.hash.slice(1).split('?')[0] === pathname;

/** The window still has this address after its `?`, and not one that was written since and is drawn later. */
const isStillShown = (address: string): boolean =>
  new URLSearchParams(window.location.hash.split('?')[1]).toString() === address;

/** What an address says after its `?`, told apart by who wrote it. */
export function useShownAddress(): ShownAddress {
  const [params, setParams] = useSearchParams();
  const location = useLocation();
  const how = useNavigationType();
  const isOwn = how === NavigationType.Replace && (location.state as { isOwn?: unknown } | null)?.isOwn === true;
  const { pathname } = location;
  const write = useCallback(
    (next: URLSearchParams | string) => {
      if (isStillAt(pathname)) setParams(next, { replace: true, state: { isOwn: true } });
    },
    [setParams, pathname],
  );
  return { params, location, isOwn, write };
}

/**
 * What the address of a screen says after its `?`, and the way to change parts of it. The address is drawn a moment after it was chosen: a
 * change that is made meanwhile adds to the one before and does not take it back. `read` and `write` are the same functions each time.
 */
export function useAddress<T extends object>(
  read: (params: URLSearchParams) => T,
  write: (value: T) => URLSearchParams,
): readonly [T, (change: AddressChange<T>) => void] {
  const { params, location, isOwn, write: writeAddress } = useShownAddress();
  const address = params.toString();
  const value = useMemo(() => read(new URLSearchParams(address)), [read, address]);
  const latest = useRef(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each address that somebody else wrote counts, also the same one again
  useEffect(() => {
    // One that is drawn after something was chosen on top of it is not the newest.
    if (!isOwn && isStillShown(address)) latest.current = value;
  }, [location]);
  const change = useCallback(
    (next: AddressChange<T>): void => {
      latest.current = { ...latest.current, ...(typeof next === 'function' ? next(latest.current) : next) };
      writeAddress(write(latest.current));
    },
    [write, writeAddress],
  );
  return [value, change];
}
