import type { Session } from 'electron';
import { record } from './test-link.ts';

type Handlers = Pick<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
>;

/** Keeps the handlers, and tells the test what each permission would get. */
export function createSession(): Handlers {
  return {
    setPermissionRequestHandler: (handler) => record('session.setPermissionRequestHandler', handler !== null),
    setPermissionCheckHandler: (handler) => record('session.setPermissionCheckHandler', handler !== null),
    setDevicePermissionHandler: (handler) => record('session.setDevicePermissionHandler', handler !== null),
  };
}
