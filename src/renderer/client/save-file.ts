/** Gives the browser a file to save. */
export function saveFile(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the blob after the click; a minute is enough for any start of a download.
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
