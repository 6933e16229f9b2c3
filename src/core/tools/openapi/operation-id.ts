/**
 * The name of an operation (SPEC §5.4): `operationId` or `{method}_{path}`, camel to snake, lower, other than `[a-z0-9_]` to `_`,
 * squeezed, trimmed. An empty text when nothing is left.
 */
export function operationName(written: string): string {
  return written
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/_+/g, '_')
    .replace(/^_|_$/g, '');
}
