/** The headless host, with its worker beside it, and a bare route that does nothing but check the signature. */

export { default as Fastify } from 'fastify';
export { startHeadlessHost } from '../../src/server/headless-host.ts';
export { ownProject } from '../support/own-project.ts';
