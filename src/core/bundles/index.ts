export { findBundleAround, workflowOf } from './around-bundle.ts';
export { readBundleConfig } from './bundle-config.ts';
export { readEnvFile, readEnvText, resolveBundleEnv } from './bundle-env.ts';
export { type FoundFile, findBundleFiles } from './bundle-files.ts';
export { type BundleInfoContext, bundleInfo } from './bundle-info.ts';
export type { BundleOutline, BundleReading, ReadBundleOptions } from './bundle-reading.ts';
export { type HashedFiles, hashFiles } from './content-hash.ts';
export { type ExportOptions, exportArchive } from './export-archive.ts';
export {
  type CommitRequest,
  type CommittedBundle,
  ImportStaging,
  type ImportStagingOptions,
} from './import-staging.ts';
export { type OnConflict, type PlacedBundle, placeBundle } from './place-bundle.ts';
export { readBundle, readBundleOutline } from './read-bundle.ts';
export type { UploadPart } from './staged-upload.ts';
export { copyVerified, materializeBundle, snapshotBundle } from './version-store.ts';
export { findWorkflowFile, isBundleFolder, isProseFile, pickWorkflowFile } from './workflow-file.ts';
