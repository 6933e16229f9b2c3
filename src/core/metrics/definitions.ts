/** A metric of SPEC §10, as its readers know it. */
export interface MetricDefinition {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Values of its last label that are there, at 0, as soon as the labels before it are. */
  readonly known?: readonly string[];
  /** Upper bounds, in order; what is above all of them counts in the sum alone. */
  readonly buckets?: readonly number[];
  /** What is kept of it is so many times what is shown: a whole number keeps sums exact. */
  readonly scale?: number;
}

const define = <N extends string>(
  metrics: Readonly<Record<N, MetricDefinition>>,
): Readonly<Record<N, MetricDefinition>> => metrics;

/** What is counted, once and for good: its series are rows of the store. */
export const COUNTED = define({
  workflows: {
    name: 'aiworkflow_workflows_total',
    kind: 'counter',
    help: 'Total number of workflow executions',
    labels: ['workflow_id', 'agent', 'status'],
    known: ['success', 'failure', 'cancelled'],
  },
  steps: {
    name: 'aiworkflow_steps_total',
    kind: 'counter',
    help: 'Total number of step executions',
    labels: ['workflow_id', 'step_name', 'status'],
    known: ['success', 'failure', 'skipped'],
  },
  retries: {
    name: 'aiworkflow_retries_total',
    kind: 'counter',
    help: 'Total number of step retries',
    labels: ['workflow_id', 'step_name'],
  },
  failovers: {
    name: 'aiworkflow_failovers_total',
    kind: 'counter',
    help: 'Total number of agent failovers',
    labels: ['workflow_id', 'from_agent', 'to_agent'],
  },
  workflowDuration: {
    name: 'aiworkflow_workflow_duration_seconds',
    kind: 'histogram',
    help: 'Workflow execution duration in seconds',
    labels: ['workflow_id', 'agent', 'status'],
    buckets: [0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600],
  },
  stepDuration: {
    name: 'aiworkflow_step_duration_seconds',
    kind: 'histogram',
    help: 'Step execution duration in seconds',
    labels: ['workflow_id', 'step_name'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60],
  },
  cost: {
    name: 'aiworkflow_cost_usd_total',
    kind: 'counter',
    help: 'Total cost of model calls that have a price, in US dollars',
    labels: ['workflow_id', 'agent', 'model'],
    scale: 1e10,
  },
  tokens: {
    name: 'aiworkflow_tokens_total',
    kind: 'counter',
    help: 'Total number of tokens of model calls',
    labels: ['model', 'kind'],
    known: ['input', 'output', 'cached', 'cache_write', 'reasoning'],
  },
  deliveries: {
    name: 'aiworkflow_webhook_deliveries_total',
    kind: 'counter',
    help: 'Total number of webhook deliveries that were kept, by the code that their sender was told',
    labels: ['endpoint', 'code'],
  },
  occurrences: {
    name: 'aiworkflow_trigger_occurrences_total',
    kind: 'counter',
    help: 'Total number of planned starts and of things that came, by what became of them',
    labels: ['type', 'status'],
  },
});

/** What is as it is at the moment of asking. */
export const MEASURED = define({
  info: { name: 'aiworkflow_info', kind: 'gauge', help: 'Version of the control center', labels: ['version'] },
  running: {
    name: 'aiworkflow_running_workflows',
    kind: 'gauge',
    help: 'Number of currently running workflows',
    labels: ['workflow_id'],
  },
  queue: {
    name: 'aiworkflow_queue_depth',
    kind: 'gauge',
    help: 'Number of messages of a queue by state; under local, runs that wait for a lane of the project or are at work',
    labels: ['queue', 'state'],
  },
  approvals: {
    name: 'aiworkflow_approvals_pending',
    kind: 'gauge',
    help: 'Number of approvals that wait for a decision',
    labels: [],
  },
  agents: {
    name: 'aiworkflow_agent_health',
    kind: 'gauge',
    help: 'Whether an agent can be used: 1 it can, 0 it cannot; one that was never asked has no series',
    labels: ['agent'],
  },
});

/** Name of a counted metric in the store. */
export type CountedMetric = keyof typeof COUNTED;
