import { useMemo } from 'react';
import { missingOf, myRights, usePreview } from '../client/rights.ts';
import { useQuery } from '../client/use-query.ts';
import type { Rights } from '../ui/rights.ts';

/** What whoever looks may do, or the role as which he looks around. */
export function useRightsNow(): Rights {
  const rights = useQuery(myRights);
  const role = usePreview((state) => state.role);
  return useMemo(
    () => ({
      isKnown: rights.value !== null || rights.status === 'error',
      missingFor: (operation) => missingOf(rights, role, operation),
    }),
    [rights, role],
  );
}
