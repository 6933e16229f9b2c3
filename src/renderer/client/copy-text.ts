import { showToast } from '../ui/toasts.tsx';
import { act } from './act.ts';

/** Puts a text into the clipboard and says so in these words; a refusal of the system is said like any other. */
export const copyText = (text: string, said: string): Promise<void> =>
  act(async () => {
    await navigator.clipboard.writeText(text);
    showToast(said);
  });
