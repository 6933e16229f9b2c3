/** The import sheet and the drop overlay. */
export function ImportHost() {
  return null;
}
