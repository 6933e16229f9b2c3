/** The tree of an expression and of a template. Plain data; offsets are characters in the source. */

interface Placed {
  readonly start: number;
  readonly end: number;
}

export interface LiteralExpr extends Placed {
  readonly kind: 'literal';
  readonly value: string | number | boolean | null;
  /** Written as an integer beyond 2^53: `value` is its digits (SPEC 3.3). */
  readonly isKeptNumber?: true;
}

export interface NameExpr extends Placed {
  readonly kind: 'name';
  readonly name: string;
  /** In a bare condition, right of a comparison: stands for itself as text when nothing defines it. */
  readonly word: boolean;
  readonly dialect: 'double' | 'single';
}

export interface ListExpr extends Placed {
  readonly kind: 'list';
  readonly items: readonly Expr[];
}

export interface MapExpr extends Placed {
  readonly kind: 'map';
  readonly entries: readonly { readonly key: Expr; readonly value: Expr }[];
}

export interface AttributeExpr extends Placed {
  readonly kind: 'attribute';
  readonly target: Expr;
  readonly name: string;
}

export interface IndexExpr extends Placed {
  readonly kind: 'index';
  readonly target: Expr;
  readonly index: Expr;
}

export interface SliceExpr extends Placed {
  readonly kind: 'slice';
  readonly target: Expr;
  readonly from: Expr | undefined;
  readonly to: Expr | undefined;
  readonly step: Expr | undefined;
}

/** Arguments as written. */
export interface CallArguments {
  readonly positional: readonly Expr[];
  readonly named: readonly { readonly name: string; readonly value: Expr; readonly start: number }[];
}

export interface CallExpr extends Placed {
  readonly kind: 'call';
  readonly callee: Expr;
  readonly args: CallArguments;
}

export interface FilterExpr extends Placed {
  readonly kind: 'filter';
  /** Undefined only for the chain of a `filter` or `set` block, whose input is the text of the block. */
  readonly input: Expr | undefined;
  readonly name: string;
  readonly nameStart: number;
  readonly args: CallArguments;
}

export interface UnaryExpr extends Placed {
  readonly kind: 'unary';
  readonly operator: '-' | '+' | 'not';
  readonly operand: Expr;
}

/** Binary operators of one level, left to right; flat so that long chains need no deep recursion. */
export interface ChainExpr extends Placed {
  readonly kind: 'chain';
  readonly first: Expr;
  readonly rest: readonly {
    readonly operator: '+' | '-' | '~' | '*' | '/' | '//' | '%' | '**';
    readonly operand: Expr;
  }[];
}

export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

/** `is [not] name(args)` */
export interface TestStep {
  readonly operator: 'is' | 'is not';
  readonly name: string;
  readonly nameStart: number;
  readonly args: CallArguments;
}

export type CompareStep = { readonly operator: CompareOperator; readonly operand: Expr } | TestStep;

export interface CompareExpr extends Placed {
  readonly kind: 'compare';
  readonly first: Expr;
  readonly rest: readonly CompareStep[];
}

export interface LogicExpr extends Placed {
  readonly kind: 'logic';
  readonly operator: 'and' | 'or';
  readonly operands: readonly Expr[];
}

export interface TernaryExpr extends Placed {
  readonly kind: 'ternary';
  readonly test: Expr;
  readonly yes: Expr;
  readonly no: Expr | undefined;
}

export type Expr =
  | LiteralExpr
  | NameExpr
  | ListExpr
  | MapExpr
  | AttributeExpr
  | IndexExpr
  | SliceExpr
  | CallExpr
  | FilterExpr
  | UnaryExpr
  | ChainExpr
  | CompareExpr
  | LogicExpr
  | TernaryExpr;

/** What `set` writes to: names, or one attribute of a namespace. */
export type SetTarget =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'attribute'; readonly name: string; readonly attribute: string; readonly start: number };

export type Node =
  | { readonly kind: 'text'; readonly text: string }
  /** `{path}` in text; written as it stands when its root is not a known name. */
  | { readonly kind: 'single'; readonly path: readonly string[]; readonly raw: string; readonly start: number }
  | { readonly kind: 'output'; readonly value: Expr }
  | { readonly kind: 'if'; readonly branches: readonly IfBranch[]; readonly otherwise: readonly Node[] }
  | ForNode
  | { readonly kind: 'set'; readonly target: SetTarget; readonly value: Expr }
  | {
      readonly kind: 'set-block';
      readonly target: SetTarget;
      readonly filter: FilterExpr | undefined;
      readonly body: readonly Node[];
    }
  | {
      readonly kind: 'with';
      readonly bindings: readonly { readonly name: string; readonly value: Expr }[];
      readonly body: readonly Node[];
    }
  | { readonly kind: 'filter-block'; readonly filter: FilterExpr; readonly body: readonly Node[] };

export interface IfBranch {
  readonly test: Expr;
  readonly body: readonly Node[];
}

export interface ForNode {
  readonly kind: 'for';
  readonly names: readonly string[];
  readonly source: Expr;
  readonly condition: Expr | undefined;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}
