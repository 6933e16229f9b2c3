import { EventEmitter } from 'node:events';
import type { NotificationConstructorOptions } from 'electron';
import { onSystemEvent, record } from './test-link.ts';

/** The notice that was shown last; somebody may click it. */
let newest: Notification | null = null;

/** A notice is recorded; `click-notice` is a click on the newest. The part of `Notification` that the app uses. */
export class Notification extends EventEmitter {
  private readonly options: NotificationConstructorOptions;

  constructor(options: NotificationConstructorOptions) {
    super();
    this.options = options;
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    newest = this;
    record('notification.show', { ...this.options });
  }

  close(): void {
    record('notification.close', { ...this.options });
    this.emit('close');
  }
}

onSystemEvent('click-notice', () => newest?.emit('click'));
