import { create } from 'zustand';

/** A file on its way in, from a drop or a picker. `path` is inside what was dropped, `/` separated. */
export interface IncomingFile {
  readonly path: string;
  readonly file: File;
}
/** One folder or archive that somebody wants to import. */
export interface ImportRequest {
  readonly id: number;
  readonly name: string;
  readonly files: readonly IncomingFile[];
  /** The desktop app has taken it in already: only its sheet is to be shown. */
  readonly uploadId?: string;
}

/** The one way from a drop or a button on any screen to the import sheet, which the shell shows. */
export const useImportRequest = create<{ readonly request: ImportRequest | null }>()(() => ({ request: null }));

let lastId = 0;
export function requestImport(name: string, files: readonly IncomingFile[]): void {
  lastId += 1;
  useImportRequest.setState({ request: { id: lastId, name, files } });
}
/** Shows the sheet of what the desktop app has taken in. */
export function requestStagedImport(name: string, uploadId: string): void {
  lastId += 1;
  useImportRequest.setState({ request: { id: lastId, name, files: [], uploadId } });
}
export const endImport = (): void => useImportRequest.setState({ request: null });

export type PickKind = 'folder' | 'archive' | 'foreign';
/** A button or a command asks for the file picker, which the shell holds; `count` makes every asking new. */
export const useFilePick = create<{ readonly kind: PickKind; readonly count: number }>()(() => ({
  kind: 'archive',
  count: 0,
}));
export const pickFiles = (kind: PickKind): void => useFilePick.setState((state) => ({ kind, count: state.count + 1 }));

/** A screen asks the shell for another project folder; `count` makes every asking new. */
export const useFolderAsk = create<{ readonly count: number }>()(() => ({ count: 0 }));
export const chooseFolder = (): void => useFolderAsk.setState((state) => ({ count: state.count + 1 }));
