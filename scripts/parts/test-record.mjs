import { relative } from 'node:path';
import { ROOT, writeJson } from './places.mjs';

/**
 * A Vitest reporter beside the printing one: writes what became of each file into `AIWORKFLOW_TEST_RECORD`, for `run-tests.mjs`.
 * The file is written when the run is over; a run that died leaves none.
 */
export default class TestRecord {
  onTestRunEnd(modules, unhandledErrors) {
    const isOf = (module) => (error) => error.VITEST_TEST_PATH === module.moduleId;
    writeJson(process.env.AIWORKFLOW_TEST_RECORD, {
      files: modules.map((module) => recordOf(module, unhandledErrors.filter(isOf(module)))),
      strayErrors: unhandledErrors.filter((error) => !modules.some((module) => isOf(module)(error))).length,
    });
  }
}

/** `unhandled` = the errors that nobody caught while this file ran: it has failed by them, whatever its tests say. */
function recordOf(module, unhandled) {
  const tests = [...module.children.allTests()];
  const count = (state) => tests.filter((test) => test.result().state === state).length;
  const failedTest = tests.find((test) => test.result().state === 'failed');
  const error = module.errors()[0] ?? failedTest?.result().errors?.[0] ?? unhandled[0];
  const hasPassed = module.ok() && unhandled.length === 0;
  return {
    path: relative(ROOT, module.moduleId).replaceAll('\\', '/'),
    hasPassed,
    ms: Math.round(module.diagnostic().duration),
    passed: count('passed'),
    failed: count('failed') + (module.errors().length > 0 || unhandled.length > 0 ? 1 : 0),
    skipped: count('skipped'),
    firstError: hasPassed
      ? null
      : `${failedTest === undefined ? '' : `${failedTest.fullName}: `}${error?.message ?? 'failed'}`,
  };
}
