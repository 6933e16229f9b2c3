import type { RunStatus } from './run.ts';

/** How some runs that have ended came out. */
export interface RunFigures {
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Percent, 2 decimals: completed / (completed + failed); 0 where there is none. */
  readonly success_rate: number;
  /** How long a completed run was at work, in the middle and for 95 of 100, in seconds; null = none completed. */
  readonly p50_seconds: number | null;
  readonly p95_seconds: number | null;
  /** USD as decimal text: all of them together, and what a completed one cost, for what failed is paid by those; null = no model was asked, or none completed. */
  readonly cost: string | null;
  readonly cost_per_completed: string | null;
}

/** The runs of one name. */
export interface NamedRunFigures extends RunFigures {
  readonly name: string;
}

/** A day or a month of a zone, by when runs were started. */
export interface RunPeriod extends RunFigures {
  /** `2026-11-19` or `2026-11`. */
  readonly period: string;
  /** ISO 8601, UTC; the period has its start and not its end. */
  readonly starts_at: string;
  readonly ends_at: string;
}

/** SPEC §9 "Statistics", with how runs fared day by day or month by month and by workflow and agent. */
export interface RunStatistics {
  readonly total_executions: number;
  readonly by_status: Readonly<Partial<Record<RunStatus, number>>>;
  readonly success_rate: number;
  readonly completed: number;
  readonly failed: number;
  readonly running: number;
  readonly zone: string;
  readonly unit: 'day' | 'month';
  /** Without a gap. */
  readonly periods: readonly RunPeriod[];
  /** Those with the most runs first. */
  readonly by_workflow: readonly NamedRunFigures[];
  /** Runs without an agent are in none. */
  readonly by_agent: readonly NamedRunFigures[];
}
