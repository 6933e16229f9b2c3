import type { OperationName } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import { settingState } from './config-operations.ts';
import type { ProjectSession } from './project-session.ts';

type Surroundings = Pick<ProjectSession, 'access' | 'agents' | 'triggers' | 'store' | 'storage' | 'paths'>;

/**
 * How that stands now which an act is about to change, or has changed: a user, a role, a trigger, a watch, where webhooks come in, or a
 * setting (SPEC §12.3); null = there is nothing of the kind. Never a secret: of a password only whether there is one.
 */
export function auditedState(
  session: Surroundings,
  name: OperationName,
  input: unknown,
): Promise<JsonMap | null> | JsonMap | null {
  const fields = (input ?? {}) as JsonMap;
  const textOf = (key: string): string | null => (typeof fields[key] === 'string' ? fields[key] : null);
  const [area] = name.split('.');
  const username = textOf('username');
  const isOfUser = area === 'users' || name === 'roles.assign' || name === 'roles.revoke';
  if (isOfUser && username !== null) return userState(session, username);
  const role = area === 'roles' ? textOf('name') : null;
  if (role !== null) return roleState(session, role);
  if (name === 'agents.setPrimary') return { primary: session.agents.primary };
  if (name === 'storage.setRetention') return { ...session.storage.retention };
  if (name === 'config.set') return settingState(session.paths, textOf('key') ?? '');
  if (area === 'costs') return limitState(session, textOf('limit') ?? textOf('name'));
  if (name === 'triggers.pauseAll' || name === 'triggers.resumeAll') return pauseState(session);
  if (name === 'webhooks.listen') return listenState(session);
  if (area === 'watches') return watchState(session, textOf('trigger'));
  const schedule = textOf('id');
  const trigger = area === 'triggers' ? textOf('trigger') : area === 'schedules' ? schedule : null;
  const workflow = textOf('workflow');
  return trigger === null
    ? null
    : triggerState(session, area === 'schedules' && workflow !== null ? `${workflow}/${trigger}` : trigger);
}

function userState({ access: { directory } }: Surroundings, username: string): JsonMap | null {
  const found = directory.byName(username);
  if (found === null) return null;
  const { email, roles, isActive, metadata, hasPassword } = directory.view(found.id);
  return { email, roles: [...roles], is_active: isActive, metadata: { ...metadata }, has_password: hasPassword };
}

function roleState({ access }: Surroundings, name: string): JsonMap | null {
  const role = access.directory.book.find(name);
  if (role === null) return null;
  const { description, permissions, inherits } = role;
  return { description, permissions: [...permissions], inherits: [...inherits] };
}

function limitState({ store }: Surroundings, name: string | null): JsonMap | null {
  const limit = store.limits.list().find((one) => one.name === name);
  return limit === undefined ? null : { ...limit };
}

/** What is not there, or meant by several names, has no state: the act itself says so. */
function triggerState({ triggers }: Surroundings, name: string): JsonMap | null {
  try {
    const { trigger, status, pause } = triggers.registry.find(name);
    return { status, enabled: trigger.isEnabled, definition: trigger.config, paused: pause !== null };
  } catch (thrown) {
    if (thrown instanceof AppError) return null;
    throw thrown;
  }
}

/** The one pause of all triggers. */
function pauseState({ triggers }: Surroundings): JsonMap {
  const pause = triggers.registry.pauseOfAll();
  if (pause === null) return { paused: false };
  const { by, reason, until } = pause;
  return { paused: true, by, reason, ...(until === null ? {} : { until }) };
}

/** Where webhooks are listened for, or are to be. */
function listenState({ triggers: { webhooks } }: Surroundings): JsonMap {
  const { listener } = webhooks.receiver;
  return { place: { ...webhooks.place }, listening: listener?.kind === 'listening' ? listener.url : null };
}

/** A watch that runs, or, where one is about to be opened, those that do. */
function watchState({ triggers }: Surroundings, name: string | null): JsonMap {
  const running = triggers.watches.list();
  const shown = running.filter(({ triggerKey }) => name === null || triggerKey === name);
  return {
    watches: shown.map(({ triggerKey, root, status, question }) => ({
      trigger: triggerKey,
      root,
      status,
      asks: question !== null,
    })),
  };
}
