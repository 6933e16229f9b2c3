import { worded } from './worded.ts';

/** A sentence of the engine, in the language of the screens: what stands between backticks in it is what a machine reads, and looks like that. */
export function Said({ text }: { readonly text: string }) {
  const parts = worded(text).split(/`([^`\n]+)`/);
  // Every second part was between backticks.
  return parts.map((part, at) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence have no other identity
    at % 2 === 1 ? <code key={at}>{part}</code> : part,
  );
}

/** The same for a tip, which knows no look. */
export const saidPlainly = (text: string): string => worded(text).replace(/`([^`\n]+)`/g, '“$1”');

/** The step, and how its script ended, stand in the run itself; where many are listed the reason has its room. */
export const shortReason = (message: string): string =>
  message.replace(/^Step '[^']*' failed: /, '').replace(/^Script failed with exit code \d+: (?=.)/, '');
