export { AccessControl, type AccessOptions } from './access/access-control.ts';
