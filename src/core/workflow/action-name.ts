/** The two parts of an action (SPEC §1.4): the text before the first dot and the rest; without a dot both are the same. */
export function splitAction(action: string): { readonly tool: string; readonly operation: string } {
  const dot = firstDot(action);
  return dot === -1
    ? { tool: action, operation: action }
    : { tool: action.slice(0, dot), operation: action.slice(dot + 1) };
}

/** The first dot outside of templates: in `{{ inputs.tool }}.create` it is the one before `create`. */
function firstDot(action: string): number {
  if (!action.includes('{')) return action.indexOf('.');
  let depth = 0;
  for (let at = 0; at < action.length; at += 1) {
    const char = action[at];
    if (char === '{') depth += 1;
    else if (char === '}') depth -= 1;
    else if (char === '.' && depth <= 0) return at;
  }
  return -1;
}

/** Whether the name still holds a template. */
export function isTemplatedAction(action: string): boolean {
  return action.includes('{');
}
