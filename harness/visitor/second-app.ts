/** The same browser in front of the second app of the tenant. */

import type { Person } from '../../mocks/people.ts';
import { ConformanceError } from '../errors.ts';
import { labOfAlso } from '../lab/lab-description.ts';
import type { Surroundings } from './surroundings.ts';
import { createBrowser, createVisitor, type Visitor } from './visitor.ts';

/**
 * A visitor of the second app whose visits to Logto leave by the browser of another visitor.
 *
 * Cookies ignore ports, and both apps are on localhost: each has a jar of its own here, as two hosts would have.
 *
 * @param inFront another person in front of the browser that a visitor of the second app already has
 * @throws ConformanceError CONF_DEFECT when the lab has no second app
 */
export function atSecondApp(
  { lab, control, scope }: Pick<Surroundings, 'lab' | 'control' | 'scope'>,
  before: Visitor,
  inFront?: { person: Person; browser: Visitor },
): Visitor {
  if (!lab.also)
    throw new ConformanceError({
      code: 'CONF_DEFECT',
      what: 'a check asked for the second app, and the lab has none',
      expected: "needs: ['second-app'] in the declaration of the check",
      remedy: 'report this.',
    });
  const there = labOfAlso(lab, lab.also);
  const person = inFront?.person ?? before.person;
  return createVisitor({
    lab: there,
    control,
    scope,
    person,
    browser: {
      app: inFront?.browser.agent ?? createBrowser({ lab: there, scope, person }),
      issuer: before.agent,
    },
  });
}
