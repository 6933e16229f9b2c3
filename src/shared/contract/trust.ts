import { z } from 'zod';
import type { AcceptedVersion, CapabilityRow, Finding, TrustDifference, TrustState } from '../model/trust.ts';
import { contentHashField, workflowRefField } from './fields.ts';
import { operation } from './operation.ts';

/** What a version could do, against the accepted one, before anybody consents (SPEC §6.7); bound to `contentHash`. */
export interface TrustSheet {
  /** A workflow of the library, or the folder of the project with all that it sets up. */
  readonly of: 'workflow' | 'project';
  readonly name: string;
  readonly version: string;
  readonly contentHash: string;
  readonly state: TrustState;
  readonly files: number;
  readonly sizeBytes: number;
  /** Who signed it, in a word; null = nobody, or it was made here. */
  readonly signer: string | null;
  /** The version that it is held against: the accepted one (`by`, `at`), with which what starts by itself goes on, else the installed one. */
  readonly against:
    | (Pick<AcceptedVersion, 'contentHash' | 'versionLabel'> & Partial<Pick<AcceptedVersion, 'by' | 'at'>>)
    | null;
  readonly rows: readonly CapabilityRow[];
  /** The most serious first; a row points at them by their place. */
  readonly findings: readonly Finding[];
  /** Null = there is nothing to hold it against. */
  readonly difference: TrustDifference | null;
  /** Triggers that are armed and go on with the accepted version. */
  readonly armedTriggers: number;
}

/** Ids of the findings that were read: all of those that are `high` have to be. */
const readField = z.array(z.string().max(2000)).max(5000);

/** What a person says with his consent. */
export const consentField = z.strictObject({ read: readField });

/** What can be done about trust in bundles and folders. */
export const trustOperations = {
  'trust.show': operation<TrustSheet>()(z.strictObject({ ref: workflowRefField }), 'workflow:read'),
  /** Accepts exactly the content that the sheet showed; `bundle.changed` when it is another by now, `trust.unread` while a serious finding was not read. */
  'trust.give': operation<TrustSheet>()(
    z.strictObject({ ref: workflowRefField, contentHash: contentHashField, read: readField }),
    'config:manage',
    'security.trust_changed',
  ),
  /** Nothing of it is accepted any more: it starts nothing, by itself or by hand. */
  'trust.withdraw': operation<TrustSheet>()(
    z.strictObject({ ref: workflowRefField }),
    'config:manage',
    'security.trust_changed',
  ),
} as const;
