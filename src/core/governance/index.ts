export { AccessControl, type AccessOptions, firstOf, readerOf } from './access/access-control.ts';
export { AuditLog } from './audit/audit-log.ts';
export type { AuditFormat } from './audit/export-text.ts';
export type { ExportPiece } from './audit/exports.ts';
export { verifyExport } from './audit/verify-export.ts';
export type { Keychain } from './secrets/keychain.ts';
export { SecretStore } from './secrets/secret-store.ts';
export type { SecretUser } from './secrets/secret-user.ts';
export { toSecretInfo } from './secrets/to-secret-info.ts';
