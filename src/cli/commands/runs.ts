import { Option } from 'commander';
import { RUN_STATUSES } from '../../shared/model/run.ts';
import { EXPORT_FORMATS } from '../../shared/model/run-report.ts';
import { addGroup, type CommandKit, repeated } from '../command-kit.ts';
import {
  cancelRun,
  deleteRun,
  pauseRun,
  replayRun,
  resolveStep,
  resumeRun,
  retryRun,
  rollbackRun,
} from './runs-acting.ts';
import { compareRuns } from './runs-compare.ts';
import { exportRun, openRunFile } from './runs-export.ts';
import { printLog } from './runs-log.ts';
import { listRuns, showRun } from './runs-reading.ts';
import { saveTest } from './runs-recordings.ts';
import { takeChanges } from './runs-take.ts';
import { undoRun } from './runs-undo.ts';

const RUN = ['<run>', 'id of the run'] as const;
const ALLOW_PARTIAL = ['--allow-partial', 'a run that completed in part is a success'] as const;

/** `runs list|show|log|compare|resume|retry|replay|save-test|cancel|pause|rollback|undo|take|resolve|delete|export|open`. */
export function addRuns(kit: CommandKit): void {
  const group = addGroup(kit, 'runs', 'Runs of the project');
  group
    .command('list')
    .description('List runs, newest first')
    .option('--workflow <id>', 'only runs of this workflow')
    .addOption(repeated('--status <status>', `only runs that are ${RUN_STATUSES.join(', ')}`))
    .option('--since <instant>', 'only runs since an instant, or since so long ago (2h, 7d)')
    .option('--limit <count>', 'at most so many', '100')
    .action(kit.run(listRuns));
  group
    .command('show')
    .description('Show a run with its steps')
    .argument(...RUN)
    .action(kit.run(showRun));
  group
    .command('log')
    .description("Print a run's log")
    .argument(...RUN)
    .option('-f, --follow', 'go on until the run rests; with --json one line a value')
    .option('--step <path>', 'only this step')
    .addOption(new Option('--level <level>', 'only this level').choices(['debug', 'info', 'warning', 'error']))
    .action(kit.run(printLog));
  group
    .command('compare')
    .description('Show two runs side by side, and what changed between them')
    .argument(...RUN)
    .argument('[other]', 'another run (default: the newest earlier one of the workflow that worked)')
    .action(kit.run(compareRuns));
  group
    .command('export')
    .description('Write a run as a report for others, or (zip) as a file for another control center, without secrets')
    .argument(...RUN)
    .addOption(new Option('--format <format>', 'of the file').choices([...EXPORT_FORMATS]).default('md'))
    .option('-o, --output <file>', 'where to (default: named after the run, in this folder)')
    .action(kit.run(exportRun));
  group
    .command('open')
    .description('Open a run of another control center from its file; it can only be looked at')
    .argument('<file>', 'made by runs export --format zip')
    .action(kit.run(openRunFile));
  addGoingOn(kit, group);
  addDeciding(kit, group);
}

function addGoingOn(kit: CommandKit, group: ReturnType<typeof addGroup>): void {
  group
    .command('resume')
    .description('Go on with a run that failed, was cancelled or paused')
    .argument(...RUN)
    .option(...ALLOW_PARTIAL)
    .action(kit.run(resumeRun));
  group
    .command('retry')
    .description('A new run that takes over the outputs of the steps before one')
    .argument(...RUN)
    .option('--from <step>', 'first step to run again (default: the first failed one)')
    .option('--dry-run', 'say which steps would have their effects again')
    .option(...ALLOW_PARTIAL)
    .action(kit.run(retryRun));
  group
    .command('replay')
    .description('A new run of the same version with edited inputs, or one that is answered from a recording')
    .argument('<run>', 'id of the run; with --cassette also a file *.cassette.json')
    .addOption(repeated('-i, --input <key=value>', 'an input that replaces the old one'))
    .option('--latest', "take today's version of the workflow")
    .option('--cassette', 'answer it from the recording of the run, or of a file: nothing is called')
    .option('--from <step>', 'with --cassette: do the steps from here on for real')
    .option('--dry-run', 'say which steps would have their effects again')
    .option(...ALLOW_PARTIAL)
    .action(kit.run(replayRun));
  group
    .command('save-test')
    .description('Keep the recording of a run as a test of its workflow')
    .argument(...RUN)
    .argument('<name>', 'name of the test')
    .option('--force', 'write over a test of this name')
    .action(kit.run(saveTest));
}

function addDeciding(kit: CommandKit, group: ReturnType<typeof addGroup>): void {
  group
    .command('cancel')
    .description('Cancel a run and wait for its end')
    .argument(...RUN)
    .action(kit.run(cancelRun));
  group
    .command('pause')
    .description('Let running steps end and start no more')
    .argument(...RUN)
    .action(kit.run(pauseRun));
  group
    .command('rollback')
    .description('Undo what an ended run has done, the last step first')
    .argument(...RUN)
    .option('--to <step>', 'undo only what stands behind this step')
    .action(kit.run(rollbackRun));
  group
    .command('undo')
    .description('Put files back as they were before an ended run')
    .argument(...RUN)
    .addOption(repeated('--path <path>', 'only this file, or what is in this folder; may be given several times'))
    .option('--overwrite', 'also files that were changed since')
    .option('--back <undo>', 'take this undo back')
    .option('--dry-run', 'say what would be put back')
    .action(kit.run(undoRun));
  group
    .command('take')
    .description('Take over what a run has changed in its copy of the workspace')
    .argument(...RUN)
    .addOption(repeated('--path <path>', 'only this file, or what is in this folder; may be given several times'))
    .option('--overwrite', 'also files that were changed in the project since')
    .option('--leave-changed', 'all but files that were changed in the project since')
    .option('--none <reason>', 'take nothing over, and remove the copy')
    .option('--hash <hash>', 'only if it is still the change with this hash')
    .option('--dry-run', 'say what would be taken over')
    .action(kit.run(takeChanges));
  group
    .command('resolve')
    .description('Decide how a step in doubt ended; the run then goes on')
    .argument(...RUN)
    .requiredOption('--step <path>', 'the step in doubt')
    .addOption(
      new Option('--as <decision>', 'what happened').choices(['completed', 'failed', 'rerun']).makeOptionMandatory(),
    )
    .option('--output <json>', 'its output, with --as completed; @file reads a file')
    .option(...ALLOW_PARTIAL)
    .action(kit.run(resolveStep));
  group
    .command('delete')
    .description('Delete an ended run with its log and files')
    .argument(...RUN)
    .action(kit.run(deleteRun));
}
