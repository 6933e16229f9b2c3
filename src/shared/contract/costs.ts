import { z } from 'zod';
import type { CostRecord, CostSummary } from '../model/cost.ts';
import { operation } from './operation.ts';

/** Instants in UTC ms; names match exactly. */
const costFilter = {
  since: z.number().int().optional(),
  until: z.number().int().optional(),
  workflow: z.string().max(200).optional(),
  run: z.string().max(120).optional(),
  agent: z.string().max(100).optional(),
  model: z.string().max(200).optional(),
};

export const costOperations = {
  'costs.summary': operation<CostSummary>()(z.strictObject(costFilter), 'workflow:read'),
  /** Newest first. */
  'costs.records': operation<{ readonly records: readonly CostRecord[]; readonly nextCursor: string | null }>()(
    z.strictObject({
      ...costFilter,
      limit: z.number().int().min(1).max(1000).default(100),
      cursor: z.string().max(200).optional(),
    }),
    'workflow:read',
  ),
} as const;
