/** All faults of the issuer, one table a stage. */
import { authorizationFaults } from './authorization.ts';
import { discoveryFaults } from './discovery.ts';
import { idTokenFaults } from './id-token.ts';
import { tokenFaults } from './token.ts';

export const issuerFaults = { ...discoveryFaults, ...authorizationFaults, ...tokenFaults, ...idTokenFaults };
