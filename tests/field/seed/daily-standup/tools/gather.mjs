#!/usr/bin/env node
// Gives issues and messages of a week.
const blockers = [
  { title: 'CI is red', age: '3' },
  { title: 'waits for review', age: '1' },
];
const people = [
  { name: 'Ann', tasks: ['parser', 'docs'] },
  { name: 'Bob', tasks: ['release'] },
];
console.log(JSON.stringify({ issues: { blockers, people }, messages: ['hello'], done: '6', total: '8' }));
