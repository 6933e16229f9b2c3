/** How the runs of one workflow fared, under the names of SPEC §10; durations are null while no run has ended. */
export interface WorkflowStatistics {
  readonly total_executions: number;
  readonly successful_executions: number;
  readonly failed_executions: number;
  readonly cancelled_executions: number;
  readonly total_duration_seconds: number;
  readonly avg_duration_seconds: number | null;
  readonly min_duration_seconds: number | null;
  readonly max_duration_seconds: number | null;
  readonly total_retries: number;
  readonly total_failovers: number;
}

/** How often an agent did a run, and how often a step went from it or to it. */
export interface AgentStatistics {
  readonly executions: number;
  readonly failovers_from: number;
  readonly failovers_to: number;
}

/** What was counted of all runs, also of those that are deleted (SPEC §10). */
export interface MetricsStatistics {
  readonly workflows: Readonly<Record<string, WorkflowStatistics>>;
  readonly agents: Readonly<Record<string, AgentStatistics>>;
  readonly total_workflows: number;
  readonly running_executions: number;
}

/** One run as metrics have it, under the names of SPEC §10. Instants are ISO texts. */
export interface WorkflowMetrics {
  readonly workflow_id: string;
  readonly run_id: string;
  readonly agent_name: string | null;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly status: 'running' | 'completed' | 'failed' | 'cancelled';
  readonly total_steps: number;
  readonly completed_steps: number;
  readonly failed_steps: number;
  readonly skipped_steps: number;
  readonly total_duration_seconds: number | null;
  readonly step_durations: Readonly<Record<string, number>>;
  readonly retry_counts: Readonly<Record<string, number>>;
  readonly failover_count: number;
}

/** Whether a monitoring system can read them, and where. */
export interface MetricsServing {
  /** `monitoring.enabled` of the settings. */
  readonly isEnabled: boolean;
  /** Where it is served, or is to be: `http://HOST:PORT`. */
  readonly endpoint: string;
  /** Null = it is not served now. */
  readonly listening:
    | { readonly kind: 'listening'; readonly url: string }
    | { readonly kind: 'failed'; readonly message: string }
    | null;
  /** This process serves triggers and metrics. */
  readonly isHosting: boolean;
  /** When it was read last, UTC ms; null = never since the project was opened. */
  readonly readAt: number | null;
}
