/** Addresses of the screens; refs and ids may hold slashes and blanks. */
export const workflowLink = (ref: string, tab?: string): string =>
  `/workflows/${encodeURIComponent(ref)}${tab === undefined ? '' : `?tab=${tab}`}`;
export const runLink = (runId: string): string => `/runs/${encodeURIComponent(runId)}`;
