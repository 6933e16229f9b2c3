import { AppError } from '../../shared/errors.ts';
import type { NoticeKind } from '../../shared/model/desktop.ts';

/** What is shown on the desktop. `path` = the screen that a click on it opens, as the address of a page has it: `/runs/ID`. */
export interface DesktopNotice {
  readonly title: string;
  readonly text: string;
  readonly path: string;
  /** What of its kind a person wants to be told, and when, is set in the desktop app. */
  readonly kind: NoticeKind;
  /** It does not wait for the end of quiet hours. */
  readonly isUrgent: boolean;
}

const SHOWN_CHARACTERS = 240;

/** The desktop of whoever sits at this computer. Only a host that has one shows anything; the others say that it is not there. */
export class DesktopNotices {
  /** Whether the host has a desktop. */
  readonly isThere: boolean;
  readonly #listeners = new Set<(notice: DesktopNotice) => void>();

  constructor(isThere: boolean) {
    this.isThere = isThere;
  }

  /** Shows a notice, a long text shortened. Throws `notify.not_set_up` where there is no desktop. */
  show(notice: DesktopNotice): void {
    if (!this.isThere)
      throw new AppError('notify.not_set_up', 'Nothing is shown on a desktop here.', {
        hint: 'The desktop app shows notices, while it holds the project.',
      });
    const { text } = notice;
    const shown = text.length > SHOWN_CHARACTERS ? { ...notice, text: `${text.slice(0, SHOWN_CHARACTERS)}…` } : notice;
    for (const listener of this.#listeners) listener(shown);
  }

  /** Hears every notice from now on; returns the way to stop. */
  follow(listener: (notice: DesktopNotice) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
