/** What the app adds to a reason in the ledger of planned starts, by its code. */
export default {
  no_catch_up: 'This schedule does not catch up.',
  too_old: 'It is older than what this schedule catches up.',
  newer_one_ran: 'Only the newest missed start is caught up.',
  cap_reached: 'Only the newest 100 missed starts are caught up.',
  paused_by_now: 'It is paused by now.',
  start_waits: 'An earlier start still waits.',
  waits_approval: 'The run before waits for a person.',
  waits_child: 'The run before waits for another run.',
  waits_queue: 'The run before waits for its turn.',
  waits_event: 'The run before waits for something to come at a webhook.',
  waits_time: 'The run before waits for its time.',
};
