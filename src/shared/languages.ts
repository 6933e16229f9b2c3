/** The languages that the app speaks to a person; the command line speaks English. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language where a person has chosen none: German where the system speaks it, else English. `ofSystem` = such as `de-AT`. */
export const languageOf = (ofSystem: string): Language => (/^de\b/i.test(ofSystem) ? 'de' : 'en');
