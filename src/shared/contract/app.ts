import { z } from 'zod';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { OutgoingPiece } from '../model/outgoing.ts';
import type { TrustState } from '../model/trust.ts';
import { outgoingCursorField, systemTextField } from './fields.ts';
import { operation } from './operation.ts';

export interface AppInfo {
  readonly version: string;
  /** `trust`: whether its folder came from elsewhere and waits for somebody's trust. */
  readonly project: {
    readonly path: string;
    readonly name: string;
    readonly isFresh: boolean;
    readonly trust: TrustState;
  };
  readonly recentProjects: readonly string[];
  /** Who holds the project's lease: this process, seen from the door that asks. */
  readonly holder: { readonly pid: number; readonly door: 'cli' | 'browser' | 'desktop' };
  readonly user: string;
  /** What is wrong with the settings, unknown or not used; with an error no run starts. Read when the project was opened. */
  readonly settingsProblems: readonly Diagnostic[];
  /** What syncs the project's folder with other computers, by its name; null = nothing that is known. */
  readonly syncedBy: string | null;
  /** What this door can do beyond the contract; screens hide what is not there. */
  readonly platform: 'linux' | 'darwin' | 'win32' | 'other';
}

export interface DoctorCheck {
  readonly name: string;
  readonly value: string;
  readonly status: 'ok' | 'warning' | 'error' | 'info';
  readonly message: string;
}
export interface DoctorReport {
  readonly checks: readonly DoctorCheck[];
  readonly issues: readonly string[];
  readonly healthy: boolean;
}

/** A file of an archive of diagnostics. */
export interface DiagnosticsPart {
  readonly name: string;
  readonly holds: 'app' | 'doctor' | 'settings' | 'failures' | 'storage' | 'log';
  readonly bytes: number;
}

/** What was made of a folder. */
export interface ProjectMade {
  /** Absolute real path of the project. */
  readonly path: string;
  /** Files that were written, relative to the project, in order. */
  readonly created: readonly string[];
  /** What was written as `agent.primary`, and the agents that could not be it. */
  readonly agent: string;
  readonly passedOver: readonly { readonly agent: string; readonly reason: string }[];
}

/** What can be done about the app and the project as a whole. */
export const appOperations = {
  'app.info': operation<AppInfo>()(z.strictObject({}), 'workflow:read'),
  /** Whether live events may be heard: every door asks it before it lets somebody. */
  'app.follow': operation<null>()(z.strictObject({}), 'workflow:read'),
  /** Opens (and creates, when it is missing) another project folder; every screen starts anew. */
  'project.switch': operation<{ readonly path: string }>()(
    z.strictObject({ path: systemTextField(4096) }),
    'config:manage',
    'config.changed',
  ),
  /** Makes a project of the folder; `force` writes the files of one that is there anew, edited ones are kept as `.bak`. */
  'project.init': operation<ProjectMade>()(
    z.strictObject({ force: z.boolean().default(false), example: systemTextField(200).optional() }),
    'config:manage',
    'config.changed',
  ),
  /** Looks only. */
  'doctor.run': operation<DoctorReport>()(z.strictObject({}), 'workflow:read'),
  /** Makes what is missing in the project's folder, mends modes, then looks. */
  'doctor.fix': operation<DoctorReport>()(z.strictObject({}), 'config:manage', 'config.changed'),
  /** What an archive of diagnostics would hold: no inputs, outputs, logs of runs, workflows or secrets. Makes nothing. */
  'app.planDiagnostics': operation<{ readonly files: readonly DiagnosticsPart[] }>()(
    z.strictObject({}),
    'config:manage',
  ),
  /** Makes the archive and gives its first piece; with `cursor` the one after it. Errors: `file.*`. */
  'app.diagnostics': operation<OutgoingPiece>()(
    z.union([z.strictObject({ cursor: outgoingCursorField }), z.strictObject({})]),
    'config:manage',
  ),
} as const;
