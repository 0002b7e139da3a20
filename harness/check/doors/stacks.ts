/** Whether an answer shows where in the sources it went wrong. */
import type { LabDescription } from '../../lab/lab-description.ts';
import { STACK } from '../sightings.ts';

/**
 * The error page of Express and Connect (finalhandler), which holds the stack of the error unless NODE_ENV is production: an app
 * that the suite has started without that is not what its users meet.
 */
const OF_DEVELOPMENT =
  /^\s*<!DOCTYPE html>\s*<html[^>]*>\s*<head>[\s\S]{0,120}<title>Error<\/title>[\s\S]{0,40}<body>\s*<pre>/i;

/** @param lab whose app answered; one that somebody else has started runs as it does for its users */
export const showsStack = (text: string, { hasLog }: Partial<Pick<LabDescription, 'hasLog'>>): boolean =>
  STACK.test(text) && !(hasLog && OF_DEVELOPMENT.test(text));
