import { formatExact, formatRelative } from './format.ts';
import { useNow } from './use-now.ts';

interface TimeAgoProps {
  /** UTC ms. */
  readonly at: number;
  readonly className?: string;
}

/** Below it an age is said in seconds, so the clock goes by the second. */
const FRESH_MS = 75_000;

/** How long ago something happened, with the exact instant and zone on hover. */
export function TimeAgo({ at, className }: TimeAgoProps) {
  const coarse = useNow(15_000);
  const clock = useNow(coarse - at < FRESH_MS ? 1000 : 15_000);
  // What has happened lies behind us, also when the clock has not ticked since.
  const now = Math.max(at, clock);
  return (
    <time dateTime={new Date(at).toISOString()} title={formatExact(at)} className={className}>
      {formatRelative(at, now)}
    </time>
  );
}
