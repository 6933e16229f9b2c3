export { createRedactor, REDACTED, type Redactor } from './redactor.ts';
