/**
 * What an OpenAPI spec may cost (SPEC §5.4, QUALITY "YAML/JSON/OpenAPI bombs"). The largest public specs (GitHub, Stripe: about
 * 10 MB, 300,000 lines, 1,000 operations) are well inside.
 */
export const SPEC_LIMITS = {
  /** All files of one spec together, UTF-8 bytes. */
  bytes: 20 * 1024 * 1024,
  files: 100,
  /** Levels of maps and lists. */
  depth: 100,
  /** Values of all files together, those that YAML aliases stand for included. */
  values: 1_000_000,
  /** Line ends, commas and brackets of a YAML text, in texts too: a bound on its values before it is parsed. */
  yamlMarks: 600_000,
  /** Keys that merges (`<<`) bring in, all together: they are made before values are counted. */
  mergedKeys: 200_000,
  operations: 10_000,
  /** Parameters of one operation; of a body with more properties only the whole can be given. */
  inputs: 2_000,
  /** References that lead from one to the next before a value stands there. */
  references: 50,
  /** Values in the parameters of one operation and of all together; what is more is shown and checked as "any value". */
  parameterValues: 5_000,
  allParameterValues: 200_000,
  /** Values in the answer's schema of one operation and of all together; a larger one is left out. */
  outputValues: 500,
  allOutputValues: 100_000,
} as const;
