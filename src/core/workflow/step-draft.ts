import type { Step, StepGroup } from '../../shared/model/workflow.ts';
import type { MapNode, ScalarNode } from '../yaml/index.ts';
import type { Reporter } from './reporter.ts';

/** Where a text with templates is used; decides which names it may refer to. `open`: names that only an event knows. */
export type TextRole = 'plain' | 'second_phase' | 'output' | 'error' | 'item' | 'open';

/** One text of a step that may hold references, with its place. */
export interface TextUse {
  readonly text: string;
  readonly mode: 'template' | 'condition';
  readonly role: TextRole;
  readonly node: ScalarNode;
}

/** A nested list of steps while it is checked. */
export interface GroupDraft {
  readonly name: string;
  readonly steps: readonly StepDraft[];
  readonly condition?: TextUse;
  readonly group: StepGroup;
}

/** A step and what only the checks need: its texts with places. */
export interface StepDraft {
  readonly step: Step;
  /** Its block, or its item of a list. */
  readonly written: MapNode;
  readonly report: Reporter;
  readonly texts: readonly TextUse[];
  readonly groups: readonly GroupDraft[];
  /** True when inputs of the second phase see names that only the run knows (`data: "{{ x }}"`). */
  readonly openSecondPhase: boolean;
  /** Names of inputs and of keys of `data` and `context`, for the second phase. */
  readonly secondPhaseNames: readonly string[];
  /** The offset of a key of the step in its YAML text. */
  keyAt(key: string): number | undefined;
  /** True when the YAML of its block has an error: then only its names count. */
  readonly broken: boolean;
}
