import { createContext, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import type { OperationName, Permission } from '../../shared/contract/index.ts';

/** What a control does at the app: an operation of the contract, or several of which each is needed. */
export type Needs = OperationName | readonly OperationName[];

/** What whoever looks may do. */
export interface Rights {
  /** False until the app has said it: nothing is off before that. */
  readonly isKnown: boolean;
  /** The permission that an operation needs and that is not held; null = it is, or nobody knows yet. */
  readonly missingFor: (operation: OperationName) => Permission | null;
}

export const RightsContext = createContext<Rights>({ isKnown: false, missingFor: () => null });

export const useRights = (): Rights => useContext(RightsContext);

/** The words that say which permission is missing for this; null = it may be done. */
export function useWhyNot(needs: Needs | undefined): string | null {
  const { t } = useTranslation();
  const { missingFor } = useRights();
  const names = needs === undefined ? [] : typeof needs === 'string' ? [needs] : needs;
  const missing = names.map(missingFor).find((permission) => permission !== null);
  return missing === undefined || missing === null ? null : t('everywhere:needs', { permission: missing });
}
