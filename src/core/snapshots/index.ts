export { type NetChange, netChanges, type Span } from './net-changes.ts';
export { absoluteOf, entryAt, type Restored, type Roots, restore } from './restore.ts';
export { meetsWorkspace } from './scan.ts';
export { SnapshotStore, type Taken, type TakeRequest } from './snapshot-store.ts';
export { isSame, keyOf, placeOf, type Tree } from './tree.ts';
