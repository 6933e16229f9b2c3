import { type Node as FlowNode, Handle, type NodeProps, Position, useStore } from '@xyflow/react';
import type { TFunction } from 'i18next';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Rest } from '../../../../shared/model/run.ts';
import { classNames } from '../../../ui/class-names.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Status, statusKey } from '../../../ui/status.tsx';
import { setStepOpen } from '../run-store.ts';
import { outcomeOf, stepIcon, turnsText } from '../step-marks.tsx';
import { countsOf, stepWordKey } from '../step-rows.ts';
import { turnName } from '../step-tree.ts';
import { tookText } from '../work-time.ts';
import type { GraphItem } from './graph-model.ts';

export interface ItemData extends Record<string, unknown> {
  readonly item: GraphItem;
  readonly isSelected: boolean;
  readonly isEnded: boolean;
  readonly nowAt: number;
  /** When nobody was at work on the run. */
  readonly rests: readonly Rest[];
}
export type ItemNode = FlowNode<ItemData>;

/** Further away a box is only its colour and its sign. */
const READABLE = 0.4;
const isReadable = ({ transform }: { readonly transform: readonly [number, number, number] }): boolean =>
  transform[2] >= READABLE;

/** How a step stands, in the words of the list. */
export function standsText(t: TFunction<'run'>, { node, isLeftOut, isPlan }: GraphItem, isEnded: boolean): string {
  if (isPlan) return node.action ?? '';
  if (isLeftOut && node.state === null) return t('skip.unknown');
  const outcome = outcomeOf(node);
  return t(outcome === null ? stepWordKey(node.status, isEnded) : statusKey('completed', outcome));
}

function Stands({ item, isEnded }: { readonly item: GraphItem; readonly isEnded: boolean }) {
  const { t } = useTranslation('run');
  const { node } = item;
  if (item.isPlan) return null;
  return <Status status={node.status} outcome={outcomeOf(node)} label={standsText(t, item, isEnded)} iconOnly />;
}

/** Where arrows end and begin; nobody draws any. */
const Ends = () => (
  <>
    <Handle type="target" position={Position.Left} isConnectable={false} />
    <Handle type="source" position={Position.Right} isConnectable={false} />
  </>
);

/** A step, or a block that is closed. */
const StepBox = memo(({ data }: NodeProps<ItemNode>) => {
  const canRead = useStore(isReadable);
  const { item } = data;
  const { status } = item.node;
  const names = classNames(
    'g-step',
    `st-${status}`,
    data.isSelected && 'on',
    item.isLeftOut && 'out',
    item.isOpen === false && 'shut',
  );
  return (
    <div className={names}>
      {canRead ? <StepWords {...data} /> : CALM.includes(status) ? null : <FarSign item={item} />}
      <Ends />
    </div>
  );
});

/** From far away a sign stands only at what needs a look. */
const CALM: readonly string[] = ['completed', 'pending', 'skipped'];

const FarSign = ({ item: { node } }: { readonly item: GraphItem }) => (
  <Status status={node.status} label={node.name} iconOnly className="far" />
);

function StepWords({ item, isEnded, nowAt, rests }: ItemData) {
  const { t } = useTranslation('run');
  const { node } = item;
  const counts = countsOf(node);
  const took = item.isLeftOut || item.isPlan ? null : tookText(node, nowAt, rests);
  const icon = stepIcon(node);
  return (
    <>
      <div className="row">
        <Stands item={item} isEnded={isEnded} />
        <b className="cut">{node.ordinal === null ? node.name : `${node.ordinal} ${node.name}`}</b>
        <span className="grow" />
        {item.isOpen === false ? <Fold item={item} /> : icon === undefined ? null : <Icon of={icon} small />}
      </div>
      <div className="row sm">
        <span className="cut">
          {node.loop !== null && counts !== null ? turnsText(t, node.loop, counts) : standsText(t, item, isEnded)}
        </span>
        <span className="grow" />
        {took === null ? null : <span className="num">{took}</span>}
      </div>
    </>
  );
}

/** A block that is open: its head, its parts lie over it. */
const BlockBox = memo(({ data: { item, isSelected, isEnded, nowAt, rests } }: NodeProps<ItemNode>) => {
  const { t } = useTranslation('run');
  const canRead = useStore(isReadable);
  const { node } = item;
  const names = classNames('g-block', `st-${node.status}`, isSelected && 'on', item.isLeftOut && 'out');
  const counts = countsOf(node);
  const icon = stepIcon(node);
  return (
    <div className={names}>
      {canRead ? (
        <div className="row">
          <Fold item={item} />
          <Stands item={item} isEnded={isEnded} />
          <b className="cut">{node.ordinal === null ? node.name : `${node.ordinal} ${node.name}`}</b>
          <span className="sm muted cut about">
            {icon === undefined ? null : <Icon of={icon} small />}{' '}
            {node.loop !== null && counts !== null
              ? turnsText(t, node.loop, counts)
              : [t(`kind.${node.kind}`), standsText(t, item, isEnded)].filter((text) => text !== '').join(', ')}
            {item.turn === null ? '' : ` · ${turnName(item.turn)}`}
          </span>
          <span className="grow" />
          <span className="sm num">{item.isLeftOut ? '' : tookText(node, nowAt, rests)}</span>
        </div>
      ) : null}
      <Ends />
    </div>
  );
});

/** One way through a block: taken ways have a line, the others are dashed. */
const WayBox = memo(({ data: { item } }: NodeProps<ItemNode>) => {
  const { t } = useTranslation('run');
  const canRead = useStore(isReadable);
  return (
    <div className={classNames('g-way', item.isLeftOut && 'out')}>
      {canRead ? (
        <span className="row sm">
          <span className="cut">{wayName(t, item)}</span>
          {item.isLeftOut ? <span className="muted num">({t('graph.notTaken')})</span> : null}
        </span>
      ) : null}
    </div>
  );
});

const wayName = (t: TFunction<'run'>, { group, label }: GraphItem): string => {
  const key = (group ?? '').replace(/:.*$/, '');
  return t(`graph.way.${key === 'case' && label === '' ? 'plainCase' : key}`, { label });
};

/** A mouse target; with keys the arrows open and close. */
function Fold({ item }: { readonly item: GraphItem }) {
  const isOpen = item.isOpen === true;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the picture is for the eye alone
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the list's and the graph's own
    <span
      className="tw"
      onClick={(event) => {
        event.stopPropagation();
        setStepOpen(item.node.path, !isOpen);
      }}
    >
      <Icon of={isOpen ? ChevronDown : ChevronRight} small />
    </span>
  );
}

export const NODE_TYPES = { step: StepBox, block: BlockBox, way: WayBox };
