import type { LucideIcon } from 'lucide-react';
import { classNames } from './class-names.ts';

interface IconProps {
  readonly of: LucideIcon;
  readonly small?: boolean;
  readonly className?: string | undefined;
}

/** An icon beside a word: hidden from screen readers, the word says it. */
export function Icon({ of: Glyph, small = false, className }: IconProps) {
  return (
    <Glyph aria-hidden="true" absoluteStrokeWidth={false} className={classNames('icon', small && 's', className)} />
  );
}
