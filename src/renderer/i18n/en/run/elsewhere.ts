/** Runs that are of two projects. */
export default {
  lost: 'This run is at {{worker}}, which has not been heard of for a while.',
  resume: 'Resume it to go on here: what had an effect there and has no end is in doubt then.',
  home: {
    open: 'This run goes on at {{worker}}.',
    ended: 'This run was worked on at {{worker}}.',
    taken: 'This run was begun at {{worker}}, which was lost, and went on here.',
  },
  worker: {
    open: 'This run is worked on here for another control center.',
    ended: 'This run was worked on here for another control center.',
    taken: 'Its control center took this run back: nothing more of it is done here.',
  },
  versionAway:
    'The version that this run was made from cannot be read now: its folder is away. Steps that never began are not shown, and it can be retried only when the folder is back. Then open it again.',
};
