export type Words = { readonly [key: string]: string | Words };

/** The files of a language's folder by their names. */
export function namespacesOf(modules: Readonly<Record<string, Words>>): Record<string, Words> {
  return Object.fromEntries(Object.entries(modules).map(([path, words]) => [path.replace(/^.*\/|\.ts$/g, ''), words]));
}
