import { AUDIT_TYPES, type AuditType } from '../../../shared/model/audit.ts';
import { DOORS, type Door } from '../../../shared/model/run.ts';

export const AUDIT_SINCE = ['today', '7d', '30d', 'all'] as const;
export type AuditSince = (typeof AUDIT_SINCE)[number];

/** Which events are listed. */
export interface AuditQuestion {
  readonly text: string;
  readonly type: AuditType | null;
  /** Who did it. */
  readonly user: string | null;
  /** What it was done to, as `type:id`. */
  readonly resource: string | null;
  readonly door: Door | null;
  /** Only what was refused or failed. */
  readonly onlyBad: boolean;
  readonly since: AuditSince;
}

/** What the audit log shows; it lives in the address. */
export interface AuditAddress extends AuditQuestion {
  /** Id of the event that stands open. */
  readonly event: string | null;
}

export const ALL_EVENTS: AuditQuestion = {
  text: '',
  type: null,
  user: null,
  resource: null,
  door: null,
  onlyBad: false,
  since: 'all',
};

const LONGEST = 200;
const textOf = (params: URLSearchParams, name: string): string | null => params.get(name)?.slice(0, LONGEST) || null;

/** Out of an address; what is not one of ours is left out. */
export function readAuditAddress(params: URLSearchParams): AuditAddress {
  const resource = params.get('on')?.slice(0, 4200) ?? '';
  return {
    text: textOf(params, 'q') ?? '',
    type: AUDIT_TYPES.find((type) => type === params.get('type')) ?? null,
    user: textOf(params, 'who'),
    resource: resource.includes(':') ? resource : null,
    door: DOORS.find((door) => door === params.get('door')) ?? null,
    onlyBad: params.get('result') === 'bad',
    since: AUDIT_SINCE.find((since) => since === params.get('since')) ?? 'all',
    event: textOf(params, 'event'),
  };
}

/** The address: only what is not as at first. */
export function auditAddress({ text, type, user, resource, door, onlyBad, since, event }: AuditAddress): string {
  const params = new URLSearchParams({ tab: 'audit' });
  if (text !== '') params.set('q', text);
  if (type !== null) params.set('type', type);
  if (user !== null) params.set('who', user);
  if (resource !== null) params.set('on', resource);
  if (door !== null) params.set('door', door);
  if (onlyBad) params.set('result', 'bad');
  if (since !== 'all') params.set('since', since);
  if (event !== null) params.set('event', event);
  return `/admin?${params.toString()}`;
}
