import type { FoundPlace } from '../../shared/model/run-search.ts';

/** Addresses of the screens; refs and ids may hold slashes and blanks. */
export const workflowLink = (ref: string, tab?: string): string =>
  `/workflows/${encodeURIComponent(ref)}${tab === undefined ? '' : `?tab=${tab}`}`;
/** Two versions of a workflow side by side, by hash; null = what is published. */
export const compareVersionsLink = (ref: string, before: string | null, after: string | null): string =>
  `${workflowLink(ref)}/compare?before=${before ?? 'published'}&after=${after ?? 'published'}`;
export const runLink = (runId: string): string => `/runs/${encodeURIComponent(runId)}`;
/** The place of a run in which a text was found: the line of its log, the step, or what the run itself was given or gave. */
export const foundLink = (runId: string, { field, path, line }: FoundPlace): string => {
  if (line !== null) return `${runLink(runId)}?line=${line}`;
  if (path !== null) return `${runLink(runId)}?step=${encodeURIComponent(path)}`;
  return field === 'input' || field === 'output' ? `${runLink(runId)}?tab=${field}s` : runLink(runId);
};
/** A run beside another one; without one, beside the last that worked. */
export const compareLink = (runId: string, other?: string): string =>
  `${runLink(runId)}/compare${other === undefined ? '' : `?with=${encodeURIComponent(other)}`}`;
/** A run with the form of its replay open. */
export const replayLink = (runId: string): string => `${runLink(runId)}?replay=1`;
export const agentLink = (name: string): string => `/agents?agent=${encodeURIComponent(name)}`;
export const toolLink = (name: string, operation?: string): string =>
  `/agents?tab=tools&tool=${encodeURIComponent(name)}${operation === undefined ? '' : `&op=${encodeURIComponent(operation)}`}`;
/** A request for a decision; of a run, the one that it waits for. */
export const approvalLink = (id: string): string => `/approvals?id=${encodeURIComponent(id)}`;
export const approvalOfRunLink = (runId: string): string => `/approvals?run=${encodeURIComponent(runId)}`;
/** A trigger by its key, id or place. */
export const triggerLink = (key: string): string => `/triggers/${encodeURIComponent(key)}`;
export const editTriggerLink = (key: string): string => `${triggerLink(key)}/edit`;
/** A schedule that does not stand anywhere yet, of a workflow or of none. */
export const newScheduleLink = (workflow = ''): string =>
  workflow === '' ? '/triggers/new' : `/triggers/new?workflow=${encodeURIComponent(workflow)}`;
export const deliveryLink = (id: string): string => `/triggers?tab=deliveries&id=${encodeURIComponent(id)}`;
/** A user, or a role, in the admin area. */
export const adminUserLink = (id: string): string => `/admin?user=${encodeURIComponent(id)}`;
export const adminRoleLink = (name: string): string => `/admin?role=${encodeURIComponent(name)}`;
/** The secrets of the project, with one of them open; null = with none. */
export const adminSecretLink = (name: string | null): string =>
  name === null ? '/admin?tab=secrets' : `/admin?tab=secrets&secret=${encodeURIComponent(name)}`;
