/** Folders that programs sync with other computers: how they name them, and how people call them. */
const SYNCED: readonly (readonly [RegExp, string])[] = [
  [/\/Library\/Mobile Documents\/|\/iCloud ?Drive(\/|$)/i, 'iCloud Drive'],
  [/\/Library\/CloudStorage\/OneDrive|[\\/]OneDrive( - [^\\/]*)?([\\/]|$)/i, 'OneDrive'],
  [/\/Library\/CloudStorage\/GoogleDrive|[\\/](Google ?Drive|My Drive)([\\/]|$)/i, 'Google Drive'],
  [/\/Library\/CloudStorage\/Dropbox|[\\/]Dropbox( \([^\\/]*\))?([\\/]|$)/i, 'Dropbox'],
  [/[\\/]Nextcloud([\\/]|$)/i, 'Nextcloud'],
  [/[\\/]Syncthing([\\/]|$)/i, 'Syncthing'],
];

/** What syncs a folder with other computers, by its path; null = nothing that is known. A database that is copied while it is written breaks. */
export const syncedBy = (path: string): string | null => SYNCED.find(([pattern]) => pattern.test(path))?.[1] ?? null;
