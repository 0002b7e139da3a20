/** Visitors who sign in with the provider that the second issuer plays. */
import type { Person, PersonInput } from '../../mocks/people.ts';
import type { SecondProvider } from '../lab/second.ts';
import type { Surroundings } from './surroundings.ts';
import { createBrowser, createVisitor, type Visitor } from './visitor.ts';

export interface Second {
  provider: SecondProvider;
  /** Somebody the second issuer knows, and who has signed in there; with `id`, under this user id. */
  somebody(person?: PersonInput & { id?: string }): Promise<Person>;
  /**
   * A person in front of the app who signs in with the second provider: `signIn()` and the rest lead there.
   *
   * @param person of the second issuer (default: a new one)
   * @param before the visitor whose browser it is, with all that the app has set in it (default: a new browser)
   */
  visitor(person?: Person, before?: Visitor): Promise<Visitor>;
}

/**
 * @param kept told each visitor that is made, for the evidence of the check
 * @throws Error when the lab has no second issuer
 */
export function createSecond(
  { lab, control, scope }: Pick<Surroundings, 'lab' | 'control' | 'scope'>,
  kept: (visitor: Visitor) => void,
): Second {
  const { second } = lab;
  if (!second)
    throw new Error("the lab has no second issuer: declare the check with needs: ['second-issuer']");
  const { id, callbackUrl, name, issuer, issuerOrigin, publicIssuerOrigin } = second;
  const there = {
    ...lab,
    issuer,
    issuerOrigin,
    publicIssuerOrigin,
    app: { ...lab.app, provider: id, providerName: name, callbackUrl },
    // It is a tenant of its own.
    signInExperience: undefined,
  };
  const somebody: Second['somebody'] = (person = {}) =>
    control.second.addPerson({ signedIn: true, ...person });
  return {
    provider: second,
    somebody,
    async visitor(given, before) {
      const person = given ?? (await somebody());
      const atIssuer = createBrowser({ lab: there, scope, person, facts: { tenant: 'second' } });
      const inFront = before?.agent ?? createBrowser({ lab: there, scope, person });
      const visitor = createVisitor({
        lab: there,
        control,
        scope,
        person,
        browser: { app: inFront, issuer: atIssuer },
      });
      kept({ ...visitor, agent: atIssuer });
      if (!before) kept(visitor);
      return visitor;
    },
  };
}
