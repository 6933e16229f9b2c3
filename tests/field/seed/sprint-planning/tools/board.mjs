#!/usr/bin/env node
// Gives the board of a team.
const items = [
  { key: 'A-1', title: 'Parser', points: '8' },
  { key: 'A-2', title: 'Docs', points: '3' },
];
console.log(JSON.stringify({ items, completed_points: '42', sprints: '4', committed: 11 }));
