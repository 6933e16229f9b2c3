import { z } from 'zod';
import type { OutgoingPiece } from '../model/outgoing.ts';
import type { ForeignRun } from '../model/portable-run.ts';
import { EXPORT_FORMATS } from '../model/run-report.ts';
import { outgoingCursorField, runIdField, uploadIdField } from './fields.ts';
import { operation, showingRuns } from './operation.ts';

/** Runs that leave as files, and those of other control centers that are looked at here. */
export const runExchangeOperations = showingRuns({
  /** The first piece of a run as a file for others, without secrets; with `cursor` the one after it. Errors: `run.not_found`, `file.*`. */
  'runs.export': operation<OutgoingPiece>()(
    z.union([
      z.strictObject({ runId: runIdField, format: z.enum(EXPORT_FORMATS) }),
      z.strictObject({ cursor: outgoingCursorField }),
    ]),
    'workflow:read',
    'custom',
  ),
  /** Runs of other control centers that were opened here, the one that was opened last first. */
  'runs.foreign': operation<{ readonly runs: readonly ForeignRun[] }>()(z.strictObject({}), 'workflow:read'),
  /**
   * Opens a portable run that was uploaded by `bundles.upload`: it can be read like any other run, and nothing can be done with it. Errors:
   * `run.file_unknown`, `run.file_damaged`, those of an upload.
   */
  'runs.openFile': operation<{ readonly runId: string }>()(
    z.strictObject({ uploadId: uploadIdField }),
    'workflow:create',
    'config.changed',
  ),
  /** Lets go of one. Errors: `run.not_found`. */
  'runs.closeFile': operation<null>()(z.strictObject({ runId: runIdField }), 'workflow:create', 'config.changed'),
} as const);
