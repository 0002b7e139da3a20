/** All faults of the issuer, one table a stage (two more for the ID token, which has the most). */
import { authorizationFaults } from './authorization.ts';
import { discoveryFaults } from './discovery.ts';
import { endSessionFaults } from './end-session.ts';
import { idTokenFaults } from './id-token.ts';
import { idTokenProfileFaults } from './id-token-profile.ts';
import { idTokenSignatureFaults } from './id-token-signature.ts';
import { authorizationOfOther, discoveryOfOther, idTokenOfOther } from './in-the-name-of-another.ts';
import { jwksFaults } from './jwks.ts';
import { logoutTokenFaults } from './logout-token.ts';
import { tokenFaults } from './token.ts';
import { transportFaults } from './transport.ts';
import { userinfoFaults } from './userinfo.ts';

export const issuerFaults = {
  ...discoveryFaults,
  ...discoveryOfOther,
  ...jwksFaults,
  ...authorizationFaults,
  ...authorizationOfOther,
  ...tokenFaults,
  ...idTokenFaults,
  ...idTokenOfOther,
  ...idTokenSignatureFaults,
  ...idTokenProfileFaults,
  ...userinfoFaults,
  ...endSessionFaults,
  ...logoutTokenFaults,
  ...transportFaults,
};
