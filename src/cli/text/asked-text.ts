/** What is said of a request that waits now. */
export const askedText = ({ id, title }: { readonly id: string; readonly title: string }): string =>
  `Asked: ${title}. It waits for a decision: aiworkflow approvals show ${id.slice(0, 8)}`;
