/** What of users and roles stands open: one of both, or nothing. */
export interface AccessAddress {
  /** Id of a user. */
  readonly user: string | null;
  /** Name of a role. */
  readonly role: string | null;
}

/** The area that an address names; the first one where it names none. */
export const readTab = (params: URLSearchParams, tabs: readonly { readonly value: string }[]): string =>
  tabs.find(({ value }) => value === params.get('tab'))?.value ?? 'users';

export const readAccessAddress = (params: URLSearchParams): AccessAddress => ({
  user: params.get('user')?.slice(0, 200) || null,
  role: params.get('role')?.slice(0, 200) || null,
});
