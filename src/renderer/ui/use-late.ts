import { useEffect, useState } from 'react';

/** True once `isWaiting` has held for `afterMs`: a skeleton for what is quick would only flicker. */
export function useLate(isWaiting: boolean, afterMs = 300): boolean {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    if (!isWaiting) {
      setIsLate(false);
      return;
    }
    const timer = window.setTimeout(() => setIsLate(true), afterMs);
    return () => window.clearTimeout(timer);
  }, [isWaiting, afterMs]);
  return isWaiting && isLate;
}
