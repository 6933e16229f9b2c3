export { redactFields } from './redact-fields.ts';
export { createRedactor, REDACTED, type Redactor } from './redactor.ts';
