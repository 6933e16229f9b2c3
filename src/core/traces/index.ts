export { type OtlpSpan, otlpRequest, type TracedRun, traceSpans } from './trace-spans.ts';
