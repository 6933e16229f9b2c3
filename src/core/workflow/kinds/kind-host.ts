import type { Condition, StepDetails, StepKind } from '../../../shared/model/workflow.ts';
import type { MapEntry, MapNode, YamlNode } from '../../yaml/index.ts';
import type { Fields } from '../reporter.ts';
import type { GroupDraft, TextUse } from '../step-draft.ts';
import type { TextCollector } from '../texts.ts';

/** What the reader of one step kind works with. */
export interface KindHost {
  readonly id: string;
  readonly fields: Fields;
  /** The kind key itself, undefined when the kind stands only in `type`. */
  readonly entry: MapEntry | undefined;
  readonly texts: TextCollector;
  /** Reads nested steps: `label` goes into their default ids, empty for the body of a loop. */
  group(name: string, label: string, node: YamlNode | undefined, condition?: GroupCondition): GroupDraft;
  /** A group of one step that is written in the same block. */
  inlineGroup(name: string, node: MapNode): GroupDraft;
}

/** A condition that decides whether a group runs, with its text for the checks. */
export interface GroupCondition {
  readonly value: Condition;
  readonly use?: TextUse;
}

/** What one kind adds to a step. */
export interface KindParts<K extends StepKind = StepKind> {
  readonly keys: readonly string[];
  readonly detail: StepDetails[K];
  readonly groups: readonly GroupDraft[];
  readonly action?: string;
}
