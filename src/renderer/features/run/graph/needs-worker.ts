import { layOutNeeds, type NeedsGraph } from './needs-layout.ts';

/** Lays one graph out, away from the thread that draws. */
addEventListener('message', ({ data }: MessageEvent<NeedsGraph>) => postMessage(layOutNeeds(data)));
