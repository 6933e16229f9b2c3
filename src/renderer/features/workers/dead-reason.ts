import { useTranslation } from 'react-i18next';
import type { ShownMessage } from '../../../shared/model/queue.ts';
import { saidPlainly } from '../../ui/said.tsx';

/** SPEC §8: the reason of a message that waited too long. */
const EXPIRED = 'expired';

/** Why a message is dead, in words. */
export function useReason({ error }: ShownMessage): string {
  const { t } = useTranslation('workers');
  return error === EXPIRED ? t('expired') : saidPlainly(error ?? '');
}
