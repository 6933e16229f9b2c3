/** File watches alone, with the store that keeps what they have seen. */
export { Store } from '../../src/core/storage/index.ts';
export { systemClock } from '../../src/core/time/index.ts';
export { chokidarHints, isNetworkFolder, WatchPart } from '../../src/core/triggers/index.ts';
