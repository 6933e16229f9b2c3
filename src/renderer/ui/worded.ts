import i18next from 'i18next';
import { createWording, type Sentences } from '../../shared/sentences/index.ts';

/** Made once for a language, with its first sentence. */
let made: { readonly of: Sentences; readonly word: (text: string) => string } | null = null;

/**
 * What the engine said, in the language of the screens: the engine records its sentences in English, in the journal too, and each is on a
 * list with its words (docs/adr/0033). What is not on it a service, a script or a person said: it stays as it is.
 */
export function worded(text: string): string {
  const sentences = i18next.getResourceBundle(i18next.language, 'sentences') as Sentences | undefined;
  if (sentences === undefined) return text;
  if (made?.of !== sentences) {
    const phrases = i18next.getResourceBundle(i18next.language, 'phrases') as Sentences;
    made = { of: sentences, word: createWording(sentences, phrases, i18next.language) };
  }
  return made.word(text);
}
