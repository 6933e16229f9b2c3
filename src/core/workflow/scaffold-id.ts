/** The `workflow.id` that scaffolding makes of a name (SPEC §1.1): lower case, space and `_` become `-`, never empty. */
export function sanitizeId(name: string): string {
  const id = name
    .trim()
    .toLowerCase()
    .replace(/[\s_]/g, '-')
    .replace(/[^a-z0-9.-]/g, '-')
    .replace(/^[.-]+/, '');
  return id === '' ? 'workflow' : id;
}
