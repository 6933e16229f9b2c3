import { type Edge, ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react';
import { Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import { useId, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import '@xyflow/react/dist/base.css';
import type { RunView } from '../../../../shared/contract/index.ts';
import { Button } from '../../../ui/button.tsx';
import { selectStep, setStepOpen } from '../run-store.ts';
import { moveInRows, type OpenSteps, type StepRow, stepWordKey } from '../step-rows.ts';
import type { StepNode } from '../step-tree.ts';
import './graph.css';
import { flowEdge, flowNodes } from './flow-parts.ts';
import { graphEdges, graphItems } from './graph-model.ts';
import { type ItemNode, NODE_TYPES } from './graph-nodes.tsx';
import { EDGE_TYPES } from './row-edge.tsx';
import { useGraphLayout } from './use-graph-layout.ts';
import { FURTHEST, useShowAll, useView } from './use-view.ts';

interface StepGraphProps {
  readonly view: RunView;
  readonly tree: readonly StepNode[];
  /** The rows of the list, its twin: keys go along them. */
  readonly rows: readonly StepRow[];
  readonly selected: string | null;
  readonly openSteps: OpenSteps;
  readonly nowAt: number;
}

/** The steps as a picture of what follows what. The list says the same to those who do not see it. */
export default function StepGraph(props: StepGraphProps) {
  return (
    <ReactFlowProvider>
      <Graph {...props} />
    </ReactFlowProvider>
  );
}

function Graph({ view, tree, rows, selected, openSteps, nowAt }: StepGraphProps) {
  const { t } = useTranslation('run');
  const { plan } = view;
  const items = useMemo(() => graphItems(plan, tree, { selected, open: openSteps }), [plan, tree, selected, openSteps]);
  const edges = useMemo(() => graphEdges(plan, items), [plan, items]);
  const places = useGraphLayout(plan, items, edges);
  const isEnded = view.run.completedAt !== null;
  const nodes = useMemo(
    () => (places === null ? [] : flowNodes(items, places, { selected, isEnded, nowAt, rests: view.rests })),
    [items, places, selected, isEnded, nowAt, view.rests],
  );
  const lines = useMemo(() => (places === null ? [] : edges.map((edge) => flowEdge(edge, places))), [edges, places]);
  const onKeyDown = useGraphKeys(rows, selected);
  return (
    <section className="step-graph" aria-label={t('graph.name')}>
      <Chosen rows={rows} selected={selected} isEnded={isEnded} onKeyDown={onKeyDown}>
        {places === null ? null : <Picture nodes={nodes} edges={lines} selected={selected} />}
      </Chosen>
      <GraphTools />
    </section>
  );
}

interface ChosenProps {
  readonly rows: readonly StepRow[];
  readonly selected: string | null;
  readonly isEnded: boolean;
  readonly onKeyDown: (event: React.KeyboardEvent) => void;
  readonly children: React.ReactNode;
}

/** What has the focus and says which step is chosen; the picture itself is for the eye alone. */
function Chosen({ rows, selected, isEnded, onKeyDown, children }: ChosenProps) {
  const { t } = useTranslation('run');
  const id = useId();
  const row = rows.find(({ node }) => node.path === selected);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a select cannot hold a picture
    <div role="listbox" tabIndex={0} aria-label={t('graph.keys')} aria-activedescendant={id} onKeyDown={onKeyDown}>
      {/* biome-ignore lint/a11y/useFocusableInteractive: the box holds the focus */}
      <span
        id={id}
        role="option"
        className="sr"
        aria-selected={row !== undefined}
        {...(row === undefined ? {} : { 'aria-posinset': row.posInSet, 'aria-setsize': row.setSize })}
      >
        {row === undefined ? t('step.none') : `${row.node.name}, ${t(stepWordKey(row.node.status, isEnded))}`}
      </span>
      <div className="picture" aria-hidden="true">
        {children}
      </div>
    </div>
  );
}

/** The keys of the list: up and down, left and right for what lies inside, + and - to look closer, 0 for all of it. */
function useGraphKeys(rows: readonly StepRow[], selected: string | null): (event: React.KeyboardEvent) => void {
  const { zoomIn, zoomOut } = useReactFlow();
  const showAll = useShowAll();
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const acts: Readonly<Record<string, () => unknown>> = { '+': zoomIn, '=': zoomIn, '-': zoomOut, '0': showAll };
    const act = acts[event.key];
    const move = act === undefined ? moveInRows(rows, selected, event.key) : null;
    if (act === undefined && move === null) return;
    event.preventDefault();
    if (act !== undefined) void act();
    else if (move?.kind === 'select') selectStep(move.path);
    else if (move?.kind === 'open') setStepOpen(move.path, move.isOpen);
  };
}

interface PictureProps {
  readonly nodes: readonly ItemNode[];
  readonly edges: readonly Edge[];
  readonly selected: string | null;
}

function Picture({ nodes, edges, selected }: PictureProps) {
  const open = useView(selected);
  return (
    <ReactFlow<ItemNode>
      nodes={nodes as ItemNode[]}
      edges={edges as Edge[]}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      onInit={open}
      minZoom={FURTHEST}
      maxZoom={1.5}
      onlyRenderVisibleElements
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      elementsSelectable={false}
      disableKeyboardA11y
      proOptions={{ hideAttribution: true }}
      onNodeClick={(_, { data }) => selectStep(data.item.node.path.replace(/\[\].*$/, ''))}
    />
  );
}

function GraphTools() {
  const { t } = useTranslation('run');
  const { zoomIn, zoomOut } = useReactFlow();
  const showAll = useShowAll();
  return (
    <div className="tools">
      <Button variant="ghost" icon={ZoomOut} label={t('graph.further')} onClick={() => void zoomOut()} />
      <Button variant="ghost" icon={ZoomIn} label={t('graph.closer')} onClick={() => void zoomIn()} />
      <Button variant="ghost" icon={Maximize2} label={t('graph.fit')} onClick={() => void showAll()} />
    </div>
  );
}
