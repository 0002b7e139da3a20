/** The sign-in experience pages of the Logto mock. */
import type { FastifyInstance } from 'fastify';
import type { LogtoContext } from '../context.ts';

/** Adds the routes of the sign-in experience pages. */
export async function registerPages(_app: FastifyInstance, _context: LogtoContext): Promise<void> {}
