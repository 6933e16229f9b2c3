import { Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import type { OperationName } from '../../shared/contract/index.ts';
import { EmptyState } from './notes.tsx';
import { useRights, useWhyNot } from './rights.ts';
import { SkeletonRows } from './skeleton.tsx';

interface RightGateProps {
  /** What is asked for to show it. */
  readonly needs: OperationName;
  /** Stands there for whoever may not see it. */
  readonly title: string;
  readonly children: ReactNode;
}

/** A part of the screen for those who may see it; nothing of it is asked for before that is known. */
export function RightGate({ needs, title, children }: RightGateProps) {
  const { isKnown } = useRights();
  const why = useWhyNot(needs);
  if (!isKnown) return <SkeletonRows />;
  if (why === null) return children;
  return <EmptyState icon={Lock} title={title} text={why} className="m-6" />;
}
