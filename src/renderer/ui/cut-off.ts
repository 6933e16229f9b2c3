import { createContext, useContext } from 'react';

/** While nothing that somebody does would reach the app: where the screen says so, and its words. */
export interface CutOff {
  readonly reasonId: string;
  readonly reason: string;
  /** Where somebody comes in again, beside this page; null = it goes on by itself. */
  readonly signIn: string | null;
}

export const CutOffContext = createContext<CutOff | null>(null);

/** Null while acts reach the app. */
export const useCutOff = (): CutOff | null => useContext(CutOffContext);
