export { fieldSecrets, redactFields } from './redact-fields.ts';
export { createRedactor, mapTexts, REDACTED, type Redactor } from './redactor.ts';
