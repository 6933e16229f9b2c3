export default {
  no_catch_up: 'Dieser Zeitplan holt nichts nach.',
  too_old: 'Er ist älter als das, was dieser Zeitplan nachholt.',
  newer_one_ran: 'Nur der neueste verpasste Start wird nachgeholt.',
  cap_reached: 'Nur die neuesten 100 verpassten Starts werden nachgeholt.',
  paused_by_now: 'Inzwischen ist er pausiert.',
  start_waits: 'Ein früherer Start wartet noch.',
  waits_approval: 'Der Lauf davor wartet auf einen Menschen.',
  waits_child: 'Der Lauf davor wartet auf einen anderen Lauf.',
  waits_queue: 'Der Lauf davor wartet, bis er an der Reihe ist.',
  waits_event: 'Der Lauf davor wartet darauf, dass etwas an einem Webhook ankommt.',
  waits_time: 'Der Lauf davor wartet auf seine Zeit.',
};
