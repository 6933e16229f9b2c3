export { entryAt } from './entry-at.ts';
export { type NetChange, netChanges, renamesIn, type Span } from './net-changes.ts';
export { keptText, standingText } from './read-text.ts';
export { absoluteOf, type Restored, type Roots, restore } from './restore.ts';
export { meetsWorkspace } from './scan.ts';
export { type CopyMade, SnapshotStore, type Taken, type TakeRequest } from './snapshot-store.ts';
export { isSame, keyOf, placeOf, type Tree } from './tree.ts';
