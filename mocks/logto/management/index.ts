/** The Management API of the Logto mock. */
import type { FastifyInstance } from 'fastify';
import type { LogtoContext } from '../context.ts';

/** Adds the routes of the Management API. */
export async function registerManagement(_app: FastifyInstance, _context: LogtoContext): Promise<void> {}
