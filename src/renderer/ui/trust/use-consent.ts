import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrustSheet } from '../../../shared/contract/index.ts';

/** What a person has said of a sheet so far. */
export interface ConsentDraft {
  readonly read: ReadonlySet<string>;
  readonly isGiven: boolean;
  readonly onRead: (id: string, isRead: boolean) => void;
  readonly onGive: (isGiven: boolean) => void;
  /** Why it cannot be trusted yet, as a sentence; null = it can. */
  readonly whyNot: string | null;
}

/** Begins with nothing read and nothing said. */
export function useConsent(sheet: TrustSheet | null): ConsentDraft {
  const { t } = useTranslation('trust');
  const [read, setRead] = useState<ReadonlySet<string>>(new Set());
  const [isGiven, onGive] = useState(false);
  const onRead = (id: string, isRead: boolean): void =>
    setRead((before) => new Set(isRead ? [...before, id] : [...before].filter((one) => one !== id)));
  const unread = sheet?.findings.findIndex(({ id, severity }) => severity === 'high' && !read.has(id)) ?? -1;
  const whyNot = unread !== -1 ? t('unread', { number: unread + 1 }) : isGiven ? null : t('consentFirst');
  return { read, isGiven, onRead, onGive, whyNot };
}
