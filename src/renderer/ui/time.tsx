import { formatExact, formatRelative } from './format.ts';
import { useNow } from './use-now.ts';

interface TimeAgoProps {
  /** UTC ms. */
  readonly at: number;
  readonly className?: string;
}

/** A relative time with the exact instant and zone on hover. */
export function TimeAgo({ at, className }: TimeAgoProps) {
  const now = useNow(15_000);
  return (
    <time dateTime={new Date(at).toISOString()} title={formatExact(at)} className={className}>
      {formatRelative(at, now)}
    </time>
  );
}
