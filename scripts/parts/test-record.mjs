import { relative } from 'node:path';
import { ROOT, writeJson } from './places.mjs';

/**
 * A Vitest reporter beside the printing one: writes what became of each file into `AIWORKFLOW_TEST_RECORD`, for `run-tests.mjs`.
 * The file is written when the run is over; a run that died leaves none.
 */
export default class TestRecord {
  onTestRunEnd(modules, unhandledErrors) {
    writeJson(process.env.AIWORKFLOW_TEST_RECORD, {
      files: modules.map(recordOf),
      unhandledErrors: unhandledErrors.length,
    });
  }
}

function recordOf(module) {
  const tests = [...module.children.allTests()];
  const count = (state) => tests.filter((test) => test.result().state === state).length;
  const failedTest = tests.find((test) => test.result().state === 'failed');
  const error = module.errors()[0] ?? failedTest?.result().errors?.[0];
  return {
    path: relative(ROOT, module.moduleId).replaceAll('\\', '/'),
    hasPassed: module.ok(),
    ms: Math.round(module.diagnostic().duration),
    passed: count('passed'),
    failed: count('failed') + (module.errors().length > 0 ? 1 : 0),
    skipped: count('skipped'),
    firstError: module.ok()
      ? null
      : `${failedTest === undefined ? '' : `${failedTest.fullName}: `}${error?.message ?? 'failed'}`,
  };
}
