import { schedule } from 'node-cron';

/**
 * Calls at the beginning of every minute of the clock on the wall, and as soon as it is found that one was slept through; gives the way to
 * stop. It only wakes: what is due, and when, is worked out by the scheduler itself (docs/adr/0016), whose own timer follows the processor and stands still while
 * a computer sleeps or its clock is set.
 */
export function everyMinute(onTick: () => void): () => void {
  const task = schedule('* * * * *', onTick, { suppressMissedWarning: true, unref: true });
  task.on('execution:missed', onTick);
  return () => void task.destroy();
}
