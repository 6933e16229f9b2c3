import type { Actor } from './run.ts';

/** The fourteen base permissions (SPEC §12.1). */
export const BASE_PERMISSIONS = [
  'workflow:read',
  'workflow:execute',
  'workflow:create',
  'workflow:edit',
  'workflow:delete',
  'tool:use',
  'tool:configure',
  'user:manage',
  'role:manage',
  'config:manage',
  'audit:read',
  'approval:request',
  'approval:approve',
  'approval:reject',
] as const;
export type BasePermission = (typeof BASE_PERMISSIONS)[number];

/** Narrow names with the wider ones they are part of: whoever holds one of those holds the narrow one, never the other way round. */
export const NARROW_PERMISSIONS = {
  'tool:read': ['workflow:read'],
  'agent:read': ['workflow:read'],
  'user:read': ['user:manage', 'role:manage'],
  'user:write': ['user:manage'],
  'agent:write': ['tool:configure'],
} as const satisfies Readonly<Record<string, readonly BasePermission[]>>;
export type NarrowPermission = keyof typeof NARROW_PERMISSIONS;

/** What an operation of the contract may need, and what a role may grant. */
export type Permission = BasePermission | NarrowPermission;

/** Roles that every project has; they cannot be changed or removed. */
export const PREDEFINED_ROLES = ['viewer', 'executor', 'developer', 'approver', 'admin'] as const;
export type PredefinedRole = (typeof PREDEFINED_ROLES)[number];

/** A role with what it grants itself and by what it inherits. */
export interface Role {
  readonly name: string;
  readonly description: string;
  /** What it grants itself, in the names of SPEC §12.1. */
  readonly permissions: readonly Permission[];
  /** Names of the roles of which it has everything too. */
  readonly inherits: readonly string[];
  readonly isPredefined: boolean;
}

/** The same with all that comes of it, narrow names included, in the order of the catalogue. */
export interface EffectiveRole extends Role {
  readonly effective: readonly Permission[];
}

/** Somebody who may act in a project (SPEC §12.1). Instants are UTC ms. */
export interface User {
  /** Never given again, also after the user was removed. */
  readonly id: string;
  /** Unique, whatever the case of its letters. */
  readonly username: string;
  readonly email: string | null;
  readonly roles: readonly string[];
  /** An inactive user has no permissions. */
  readonly isActive: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly lastLoginAt: number | null;
  /** Whether a password was set: without one the user acts on local doors alone, or by a token. */
  readonly hasPassword: boolean;
}

/** A key of a user for programs: it carries a part of what the user may do. The secret itself is shown once and kept nowhere. */
export interface ApiToken {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  /** What it carries at most. */
  readonly permissions: readonly Permission[];
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
}

/** A session ends when it has not been used for this long … */
export const SESSION_IDLE_MS = 12 * 3_600_000;
/** … and in any case after this (SPEC §12.1). */
export const SESSION_ABSOLUTE_MS = 7 * 24 * 3_600_000;

/** A sign-in that is not over, with a password or by a one-time link (SPEC §12.1). Instants are UTC ms. */
export interface Session {
  readonly id: string;
  readonly userId: string;
  /** Where it was opened. */
  readonly door: Actor['door'];
  readonly openedAt: number;
  readonly usedAt: number;
  /** Whoever has it came by a link that the app gave to the user of the system. */
  readonly byLink: boolean;
  /** From where it was used first; null = not used yet. */
  readonly from: CallContext | null;
}

/** From where somebody asks, as the host saw it: never what the caller says of himself but for the name of his program. */
export interface CallContext {
  readonly sourceIp: string;
  readonly userAgent: string | null;
}

/** Who a host says that asks: the user of its operating system, or, with a credential, whoever that belongs to. */
export interface Caller extends Actor {
  /** The secret of a session or an API token. It goes no further than the check. */
  readonly credential?: string;
  /** Came by a one-time link: by what the door knows the session; no secret. */
  readonly link?: string;
  /** Absent: from this machine, by a door that knows no more. */
  readonly from?: CallContext;
  /** It is a process of a step: it has the rights of its run. Absent = it is none. */
  readonly step?: StepOrigin;
}

/** By what a process of a step is known; the core finds its run. */
export interface StepOrigin {
  /** It and its ancestors, as the kernel tells them; null = the system does not tell. */
  readonly pids: readonly number[] | null;
  /** `AIWORKFLOW_STEP_KEY` as it says it. */
  readonly stepKey: string | null;
}

/**
 * What a process of a step may do at most, whoever started its run: what a workflow needs, never what changes who may do what, settings,
 * secrets, trust or an approval that its own run asks for.
 */
export const STEP_PERMISSIONS: readonly BasePermission[] = [
  'workflow:read',
  'workflow:execute',
  'tool:use',
  'approval:request',
];

/** Who asks before anybody is known: at a sign-in, or with a credential that is not good. */
export const unknownActor = (door: Actor['door']): Actor => ({ kind: 'system', id: 'unknown', door });

/** Who acts, and all that he may do, as the check has found it. */
export interface Identity {
  readonly actor: Actor;
  /** Id of the session that he came by. Absent: by none. */
  readonly session?: string;
  readonly permissions: ReadonlySet<Permission>;
}
