export { AccessControl, type AccessOptions, firstOf } from './access/access-control.ts';
