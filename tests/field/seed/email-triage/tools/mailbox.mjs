#!/usr/bin/env node
// Gives sample messages.
const messages = [
  { from: 'bob@example.org', subject: 'The site is down', folder: 'work', urgency: '9' },
  { from: 'eve@example.org', subject: 'Lunch?', folder: 'home', urgency: '1' },
  { from: 'bob@example.org', subject: 'It is up again', folder: 'work', urgency: '4' },
];
console.log(JSON.stringify({ messages }));
