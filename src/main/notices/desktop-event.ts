import type { NoticeKind } from '../../shared/model/desktop.ts';

/** Something that a person at this computer may want to be told. */
export interface DesktopEvent {
  readonly kind: NoticeKind;
  readonly title: string;
  readonly text: string;
  /** The screen that a click opens. A notice about the same one takes the place of the one before. */
  readonly path: string;
  /** It does not wait for the end of quiet hours. */
  readonly isUrgent: boolean;
  /** What failed for one cause is told once, then every hour; null = it is told each time. */
  readonly cause: string | null;
  /** The request that can be decided in the notice itself, and the hash of what it shows. */
  readonly decide: { readonly approvalId: string; readonly hash: string } | null;
}
