import { EventEmitter } from 'node:events';
import type {
  ActivationArguments,
  Notification as ElectronNotification,
  NotificationConstructorOptions,
} from 'electron';
import { onSystemEvent, record } from './test-link.ts';

/** The notice that was shown last; somebody may click it. */
let newest: Notification | null = null;
let onActivation: Parameters<(typeof ElectronNotification)['handleActivation']>[0] | null = null;

/** A notice is recorded; the test clicks the newest. The part of `Notification` that the app uses. */
export class Notification extends EventEmitter implements Pick<ElectronNotification, 'show' | 'close' | 'id'> {
  readonly id: string;
  private readonly options: NotificationConstructorOptions;

  constructor(options: NotificationConstructorOptions) {
    super();
    this.options = options;
    this.id = options.id ?? '';
  }

  static isSupported(): boolean {
    return process.env.STAND_IN_WITHOUT_NOTICES !== '1';
  }

  static handleActivation(callback: (details: ActivationArguments) => void): void {
    onActivation = callback;
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
onSystemEvent('press-notice', (actionIndex) => newest?.emit('action', { actionIndex }, actionIndex));
onSystemEvent('activate-notice', (details) => onActivation?.(details));
