/** Every clause a check may cite: what to call it and where to read it. */
import type { ClauseLink } from '../../reports/model.ts';

const CORE = 'https://openid.net/specs/openid-connect-core-1_0.html';
const rfc = (number: number, section: string) =>
  `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`;
const core = (text: string, anchor: string): ClauseLink => ({
  label: `OpenID Connect Core 1.0, ${text}`,
  url: `${CORE}#${anchor}`,
});
const authjs = (text: string, page: string): ClauseLink => ({
  label: `Auth.js documentation, ${text}`,
  url: `https://authjs.dev/${page}`,
});
const logto = (text: string, page: string): ClauseLink => ({
  label: `Logto documentation, ${text}`,
  url: `https://docs.logto.io/${page}`,
});
const asvs = (chapter: string, text: string): ClauseLink => ({
  label: `OWASP ASVS 5.0.0, ${text}`,
  url: `https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/${chapter}.md`,
});
const advisory = (id: string, text: string): ClauseLink => ({
  label: `${id}, ${text}`,
  url: `https://github.com/advisories/${id.split(' ')[0]}`,
});
const idToken = (item: number, text: string) =>
  core(`§3.1.3.7 ID Token Validation, item ${item}: ${text}`, 'IDTokenValidation');

export const clauses = {
  'oidc-core §2': core('§2 ID Token', 'IDToken'),
  'oidc-core §3.1.2.1': core('§3.1.2.1 Authentication Request', 'AuthRequest'),
  'oidc-core §3.1.2.5': core('§3.1.2.5 Successful Authentication Response', 'AuthResponse'),
  'oidc-core §3.1.2.6': core('§3.1.2.6 Authentication Error Response', 'AuthError'),
  'oidc-core §3.1.2.7': core('§3.1.2.7 Authentication Response Validation', 'AuthResponseValidation'),
  'oidc-core §3.1.3.1': core('§3.1.3.1 Token Request', 'TokenRequest'),
  'oidc-core §3.1.3.3': core('§3.1.3.3 Successful Token Response', 'TokenResponse'),
  'oidc-core §3.1.3.5': core('§3.1.3.5 Token Response Validation', 'TokenResponseValidation'),
  'oidc-core §3.1.3.7 #2': idToken(2, 'iss'),
  'oidc-core §3.1.3.7 #3': idToken(3, 'aud'),
  'oidc-core §3.1.3.7 #4': idToken(4, 'azp with several audiences'),
  'oidc-core §3.1.3.7 #5': idToken(5, 'azp'),
  'oidc-core §3.1.3.7 #6': idToken(6, 'signature'),
  'oidc-core §3.1.3.7 #7': idToken(7, 'alg'),
  'oidc-core §3.1.3.7 #8': idToken(8, 'MAC algorithms'),
  'oidc-core §3.1.3.7 #9': idToken(9, 'exp'),
  'oidc-core §3.1.3.7 #10': idToken(10, 'iat'),
  'oidc-core §3.1.3.7 #11': idToken(11, 'nonce'),
  'oidc-core §3.1.3.7 #13': idToken(13, 'auth_time with max_age'),
  'oidc-core §3.1.3.8': core('§3.1.3.8 Access Token Validation (at_hash)', 'CodeFlowTokenValidation'),
  'oidc-core §5.1': core('§5.1 Standard Claims', 'StandardClaims'),
  'oidc-core §5.3.1': core('§5.3.1 UserInfo Request', 'UserInfoRequest'),
  'oidc-core §5.3.2': core('§5.3.2 Successful UserInfo Response', 'UserInfoResponse'),
  'oidc-core §5.3.4': core('§5.3.4 UserInfo Response Validation', 'UserInfoResponseValidation'),
  'oidc-core §5.4': core('§5.4 Requesting Claims using Scope Values', 'ScopeClaims'),
  'oidc-core §5.7': core('§5.7 Claim Stability and Uniqueness', 'ClaimStability'),
  'oidc-core §9': core('§9 Client Authentication', 'ClientAuthentication'),
  'oidc-core §10.1.1': core('§10.1.1 Rotation of Asymmetric Signing Keys', 'RotateSigKeys'),
  'oidc-core §11': core('§11 Offline Access', 'OfflineAccess'),
  'oidc-core §12.2': core('§12.2 Successful Refresh Response', 'RefreshTokenResponse'),
  'oidc-core §15.5.2': core('§15.5.2 Nonce Implementation Notes', 'NonceNotes'),
  'oidc-core §16.11': core('§16.11 Token Substitution', 'TokenSubstitution'),
  'oidc-discovery §3': {
    label: 'OpenID Connect Discovery 1.0, §3 Provider Metadata',
    url: 'https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata',
  },
  'oidc-discovery §4.2': {
    label: 'OpenID Connect Discovery 1.0, §4.2 Configuration Response',
    url: 'https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationResponse',
  },
  'oidc-discovery §4.3': {
    label: 'OpenID Connect Discovery 1.0, §4.3 Configuration Validation',
    url: 'https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation',
  },
  'oidc-rpinitiated §2': {
    label: 'OpenID Connect RP-Initiated Logout 1.0, §2',
    url: 'https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout',
  },
  'oidc-rpinitiated §3': {
    label: 'OpenID Connect RP-Initiated Logout 1.0, §3',
    url: 'https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RedirectionAfterLogout',
  },
  'oidc-backchannel §2.5': {
    label: 'OpenID Connect Back-Channel Logout 1.0, §2.5',
    url: 'https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRequest',
  },
  'oidc-backchannel §2.6': {
    label: 'OpenID Connect Back-Channel Logout 1.0, §2.6',
    url: 'https://openid.net/specs/openid-connect-backchannel-1_0.html#Validation',
  },
  'oidc-backchannel §2.7': {
    label: 'OpenID Connect Back-Channel Logout 1.0, §2.7',
    url: 'https://openid.net/specs/openid-connect-backchannel-1_0.html#BCActions',
  },
  'oidc-backchannel §2.8': {
    label: 'OpenID Connect Back-Channel Logout 1.0, §2.8',
    url: 'https://openid.net/specs/openid-connect-backchannel-1_0.html#BCResponse',
  },
  'rfc6265 §4.1.2': { label: 'RFC 6265 (cookies), §4.1.2', url: rfc(6265, '4.1.2') },
  'rfc6265bis §4.1.3': {
    label: 'RFC 6265bis (cookies), §4.1.3 Cookie Name Prefixes',
    url: 'https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-cookie-name-prefixes',
  },
  'rfc6749 §2.3.1': { label: 'RFC 6749 (OAuth 2.0), §2.3.1 Client Password', url: rfc(6749, '2.3.1') },
  'rfc6749 §3.1': { label: 'RFC 6749 (OAuth 2.0), §3.1 Authorization Endpoint', url: rfc(6749, '3.1') },
  'rfc6749 §3.1.2': { label: 'RFC 6749 (OAuth 2.0), §3.1.2 Redirection Endpoint', url: rfc(6749, '3.1.2') },
  'rfc6749 §3.3': { label: 'RFC 6749 (OAuth 2.0), §3.3 Access Token Scope', url: rfc(6749, '3.3') },
  'rfc6749 §4.1.1': { label: 'RFC 6749 (OAuth 2.0), §4.1.1 Authorization Request', url: rfc(6749, '4.1.1') },
  'rfc6749 §4.1.2': { label: 'RFC 6749 (OAuth 2.0), §4.1.2 Authorization Response', url: rfc(6749, '4.1.2') },
  'rfc6749 §4.1.2.1': { label: 'RFC 6749 (OAuth 2.0), §4.1.2.1 Error Response', url: rfc(6749, '4.1.2.1') },
  'rfc6749 §4.1.3': { label: 'RFC 6749 (OAuth 2.0), §4.1.3 Access Token Request', url: rfc(6749, '4.1.3') },
  'rfc6749 §5.1': { label: 'RFC 6749 (OAuth 2.0), §5.1 Successful Response', url: rfc(6749, '5.1') },
  'rfc6749 §5.2': { label: 'RFC 6749 (OAuth 2.0), §5.2 Error Response', url: rfc(6749, '5.2') },
  'rfc6749 §6': { label: 'RFC 6749 (OAuth 2.0), §6 Refreshing an Access Token', url: rfc(6749, '6') },
  'rfc6749 §10.5': { label: 'RFC 6749 (OAuth 2.0), §10.5 Authorization Codes', url: rfc(6749, '10.5') },
  'rfc6749 §10.12': {
    label: 'RFC 6749 (OAuth 2.0), §10.12 Cross-Site Request Forgery',
    url: rfc(6749, '10.12'),
  },
  'rfc6749 §10.15': { label: 'RFC 6749 (OAuth 2.0), §10.15 Open Redirectors', url: rfc(6749, '10.15') },
  'rfc7515 §4.1.11': { label: 'RFC 7515 (JWS), §4.1.11 "crit"', url: rfc(7515, '4.1.11') },
  'rfc7519 §4.1.5': { label: 'RFC 7519 (JWT), §4.1.5 "nbf"', url: rfc(7519, '4.1.5') },
  'rfc7636 §4.1': { label: 'RFC 7636 (PKCE), §4.1 Code Verifier', url: rfc(7636, '4.1') },
  'rfc7636 §4.2': { label: 'RFC 7636 (PKCE), §4.2 Code Challenge', url: rfc(7636, '4.2') },
  'rfc7636 §4.5': { label: 'RFC 7636 (PKCE), §4.5 Token Request', url: rfc(7636, '4.5') },
  'rfc7636 §7.1': { label: 'RFC 7636 (PKCE), §7.1 Entropy of the Code Verifier', url: rfc(7636, '7.1') },
  'rfc8725 §3.1': {
    label: 'RFC 8725 (JWT best practice), §3.1 Algorithm Verification',
    url: rfc(8725, '3.1'),
  },
  'rfc6750 §3': {
    label: 'RFC 6750 (bearer tokens), §3 The WWW-Authenticate Response Header Field',
    url: rfc(6750, '3'),
  },
  'rfc6750 §3.1': { label: 'RFC 6750 (bearer tokens), §3.1 Error Codes', url: rfc(6750, '3.1') },
  'rfc8707 §2': { label: 'RFC 8707 (resource indicators), §2 Resource Parameter', url: rfc(8707, '2') },
  'rfc8725 §3.10': {
    label: 'RFC 8725 (JWT best practice), §3.10 Do Not Trust Received Claims',
    url: rfc(8725, '3.10'),
  },
  'rfc8725 §3.11': {
    label: 'RFC 8725 (JWT best practice), §3.11 Use Explicit Typing',
    url: rfc(8725, '3.11'),
  },
  'rfc8414 §2': {
    label: 'RFC 8414 (authorization server metadata), §2 code_challenge_methods_supported',
    url: rfc(8414, '2'),
  },
  'rfc9111 §5.2.2.5': { label: 'RFC 9111 (HTTP caching), §5.2.2.5 no-store', url: rfc(9111, '5.2.2.5') },
  'rfc9207 §2.4': {
    label: 'RFC 9207 (iss parameter), §2.4 Validating the Issuer Identifier',
    url: rfc(9207, '2.4'),
  },
  'rfc9700 §2.1': {
    label: 'RFC 9700 (OAuth security), §2.1 Protecting Redirect-Based Flows',
    url: rfc(9700, '2.1'),
  },
  'rfc9700 §2.1.1': {
    label: 'RFC 9700 (OAuth security), §2.1.1 Authorization Code Grant',
    url: rfc(9700, '2.1.1'),
  },
  'rfc9700 §2.3': {
    label: 'RFC 9700 (OAuth security), §2.3 Access Token Privilege Restriction',
    url: rfc(9700, '2.3'),
  },
  'rfc9700 §2.4': {
    label: 'RFC 9700 (OAuth security), §2.4 Resource Owner Password Credentials Grant',
    url: rfc(9700, '2.4'),
  },
  'rfc9700 §4.2': {
    label: 'RFC 9700 (OAuth security), §4.2 Credential Leakage via Referer Headers',
    url: rfc(9700, '4.2'),
  },
  'rfc9700 §4.3': {
    label: 'RFC 9700 (OAuth security), §4.3 Credential Leakage via Browser History',
    url: rfc(9700, '4.3'),
  },
  'rfc9700 §4.4': { label: 'RFC 9700 (OAuth security), §4.4 Mix-Up Attacks', url: rfc(9700, '4.4') },
  'rfc9700 §4.5': {
    label: 'RFC 9700 (OAuth security), §4.5 Authorization Code Injection',
    url: rfc(9700, '4.5'),
  },
  'rfc9700 §4.7': {
    label: 'RFC 9700 (OAuth security), §4.7 Cross-Site Request Forgery',
    url: rfc(9700, '4.7'),
  },
  'rfc9700 §4.8': { label: 'RFC 9700 (OAuth security), §4.8 PKCE Downgrade Attack', url: rfc(9700, '4.8') },
  'rfc9700 §4.10': {
    label: 'RFC 9700 (OAuth security), §4.10 Misuse of Stolen Access Tokens',
    url: rfc(9700, '4.10'),
  },
  'rfc9700 §4.9': {
    label: 'RFC 9700 (OAuth security), §4.9 Access Token Leakage at the Resource Server',
    url: rfc(9700, '4.9'),
  },
  'rfc9700 §4.11': { label: 'RFC 9700 (OAuth security), §4.11 Open Redirection', url: rfc(9700, '4.11') },
  'rfc9700 §4.14': {
    label: 'RFC 9700 (OAuth security), §4.14 Refresh Token Protection',
    url: rfc(9700, '4.14'),
  },
  'rfc8259 §4': { label: 'RFC 8259 (JSON), §4 Objects', url: rfc(8259, '4') },
  'rfc9110 §15.4': { label: 'RFC 9110 (HTTP Semantics), §15.4 Redirection', url: rfc(9110, '15.4') },
  'authjs mocked user': {
    label: 'GHSA-v64w-49xw-qq89 (CVE-2023-48309), possible user mocking in next-auth before 4.24.5',
    url: 'https://github.com/nextauthjs/next-auth/security/advisories/GHSA-v64w-49xw-qq89',
  },
  'owasp session': {
    label: 'OWASP Session Management Cheat Sheet',
    url: 'https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html',
  },
  'owasp csrf': {
    label: 'OWASP Cross-Site Request Forgery Prevention Cheat Sheet',
    url: 'https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html',
  },
  'owasp logging': {
    label: 'OWASP Logging Cheat Sheet',
    url: 'https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html',
  },
  'owasp error handling': {
    label: 'OWASP Error Handling Cheat Sheet',
    url: 'https://cheatsheetseries.owasp.org/cheatsheets/Error_Handling_Cheat_Sheet.html',
  },
  'owasp tls': {
    label: 'OWASP Transport Layer Security Cheat Sheet',
    url: 'https://cheatsheetseries.owasp.org/cheatsheets/Transport_Layer_Security_Cheat_Sheet.html',
  },
  'owasp otp': {
    label: 'OWASP Multifactor Authentication Cheat Sheet',
    url: 'https://cheatsheetseries.owasp.org/cheatsheets/Multifactor_Authentication_Cheat_Sheet.html',
  },
  'owasp xss': {
    label: 'OWASP Cross Site Scripting Prevention Cheat Sheet',
    url: 'https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html',
  },
  'owasp content spoofing': {
    label: 'OWASP, Content Spoofing (text injection)',
    url: 'https://owasp.org/www-community/attacks/Content_Spoofing',
  },
  'nist 800-63b §3.1.3': {
    label: 'NIST SP 800-63B-4, §3.1.3 Out-of-Band Devices',
    url: 'https://pages.nist.gov/800-63-4/sp800-63b.html',
  },
  'nist 800-63b §3.1.3.3': {
    label: 'NIST SP 800-63B-4, §3.1.3.3 Authentication using the Public Switched Telephone Network',
    url: 'https://pages.nist.gov/800-63-4/sp800-63b.html',
  },
  'nist 800-63b §3.2.2': {
    label: 'NIST SP 800-63B-4, §3.2.2 Rate Limiting (Throttling)',
    url: 'https://pages.nist.gov/800-63-4/sp800-63b.html#throttle',
  },
  'owasp enumeration': {
    label: 'OWASP Authentication Cheat Sheet, Authentication and Error Messages',
    url: 'https://cheatsheetseries.owasp.org/cheatsheets/Authentication_Cheat_Sheet.html#authentication-and-error-messages',
  },
  'recycled numbers': {
    label: 'Lee, Narayanan: Security and Privacy Risks of Number Recycling at Mobile Carriers (2021)',
    url: 'https://recyclednumbers.cs.princeton.edu/',
  },
  'twilio pumping': {
    label: 'Twilio documentation, SMS pumping fraud',
    url: 'https://www.twilio.com/docs/glossary/what-is-sms-pumping-fraud',
  },
  'wcag 4.1.2': {
    label: 'WCAG 2.2, 4.1.2 Name, Role, Value',
    url: 'https://www.w3.org/TR/WCAG22/#name-role-value',
  },
  'asvs 1.2.1': asvs(
    '0x10-V1-Encoding-and-Sanitization',
    '1.2.1 output encoding for the context of an HTML document',
  ),
  'asvs 1.2.4': asvs('0x10-V1-Encoding-and-Sanitization', '1.2.4 parameterized queries of databases'),
  'asvs 2.2.1': asvs('0x11-V2-Validation-and-Business-Logic', '2.2.1 input is validated positively'),
  'asvs 2.4.1': asvs(
    '0x11-V2-Validation-and-Business-Logic',
    '2.4.1 controls against overuse of costly functions',
  ),
  'asvs 3.2.1': asvs(
    '0x12-V3-Web-Frontend-Security',
    '3.2.1 answers are not shown as something else than they are',
  ),
  'asvs 3.2.2': asvs('0x12-V3-Web-Frontend-Security', '3.2.2 text is rendered as text'),
  'asvs 3.3.1': asvs('0x12-V3-Web-Frontend-Security', '3.3.1 Secure attribute and name prefix of cookies'),
  'asvs 3.3.2': asvs('0x12-V3-Web-Frontend-Security', '3.3.2 SameSite attribute of cookies'),
  'asvs 3.3.3': asvs('0x12-V3-Web-Frontend-Security', '3.3.3 __Host- prefix of cookies that are not shared'),
  'asvs 3.3.4': asvs(
    '0x12-V3-Web-Frontend-Security',
    '3.3.4 HttpOnly attribute of cookies with a session token',
  ),
  'asvs 3.4.1': asvs('0x12-V3-Web-Frontend-Security', '3.4.1 Strict-Transport-Security for a year at least'),
  'asvs 3.4.2': asvs('0x12-V3-Web-Frontend-Security', '3.4.2 CORS for listed origins only'),
  'asvs 3.4.3': asvs('0x12-V3-Web-Frontend-Security', '3.4.3 a Content-Security-Policy'),
  'asvs 3.4.4': asvs('0x12-V3-Web-Frontend-Security', '3.4.4 X-Content-Type-Options: nosniff'),
  'asvs 3.4.5': asvs('0x12-V3-Web-Frontend-Security', '3.4.5 a referrer policy'),
  'asvs 3.4.6': asvs('0x12-V3-Web-Frontend-Security', '3.4.6 frame-ancestors on every response'),
  'asvs 3.7.2': asvs(
    '0x12-V3-Web-Frontend-Security',
    '3.7.2 redirects to other hosts that are on a list only',
  ),
  'asvs 3.5.1': asvs(
    '0x12-V3-Web-Frontend-Security',
    '3.5.1 requests to sensitive functions come from the app itself (CSRF)',
  ),
  'asvs 3.5.3': asvs('0x12-V3-Web-Frontend-Security', '3.5.3 sensitive functions by unsafe methods only'),
  'asvs 3.5.6': asvs('0x12-V3-Web-Frontend-Security', '3.5.6 no JSONP'),
  'asvs 4.1.3': asvs(
    '0x13-V4-API-and-Web-Service',
    '4.1.3 header fields of a proxy that nobody else can set',
  ),
  'asvs 5.3.2': asvs('0x14-V5-File-Handling', '5.3.2 paths of files are made of trusted data'),
  'asvs 6.3.2': asvs('0x15-V6-Authentication', '6.3.2 no default user accounts'),
  'asvs 6.3.4': asvs('0x15-V6-Authentication', '6.3.4 no undocumented or weaker way to authenticate'),
  'asvs 6.8.1': asvs('0x15-V6-Authentication', '6.8.1 nobody is spoofed by another identity provider'),
  'asvs 6.8.2': asvs('0x15-V6-Authentication', '6.8.2 signatures of assertions are always validated'),
  'asvs 6.6.1': asvs('0x15-V6-Authentication', '6.6.1 text messages beside something stronger only'),
  'asvs 6.6.2': asvs('0x15-V6-Authentication', '6.6.2 out-of-band codes bound to their request'),
  'asvs 6.6.3': asvs('0x15-V6-Authentication', '6.6.3 out-of-band codes protected against brute force'),
  'asvs 7.1.2': asvs('0x16-V7-Session-Management', '7.1.2 how many sessions a person may have at once'),
  'asvs 7.2.1': asvs('0x16-V7-Session-Management', '7.2.1 session tokens are verified by a trusted service'),
  'asvs 7.2.2': asvs('0x16-V7-Session-Management', '7.2.2 session tokens are generated, no static keys'),
  'asvs 7.2.3': asvs(
    '0x16-V7-Session-Management',
    '7.2.3 reference tokens of 128 bits, by a secure generator',
  ),
  'asvs 7.2.4': asvs('0x16-V7-Session-Management', '7.2.4 a new session token on each authentication'),
  'asvs 7.3.1': asvs('0x16-V7-Session-Management', '7.3.1 sessions that nobody uses end'),
  'asvs 7.3.2': asvs('0x16-V7-Session-Management', '7.3.2 absolute maximum lifetime of sessions'),
  'asvs 7.4.1': asvs('0x16-V7-Session-Management', '7.4.1 logout and expiration end the session'),
  'asvs 7.4.2': asvs(
    '0x16-V7-Session-Management',
    '7.4.2 sessions end when an account is disabled or deleted',
  ),
  'asvs 7.4.4': asvs(
    '0x16-V7-Session-Management',
    '7.4.4 sign-out in sight on each page that needs a session',
  ),
  'asvs 4.4.2': asvs('0x13-V4-API-and-Web-Service', '4.4.2 the Origin of WebSockets'),
  'asvs 8.2.1': asvs('0x17-V8-Authorization', '8.2.1 functions are for those with permission'),
  'asvs 8.2.2': asvs('0x17-V8-Authorization', '8.2.2 data are for those with permission to them'),
  'asvs 9.1.1': asvs(
    '0x18-V9-Self-contained-Tokens',
    '9.1.1 self-contained tokens validated by signature or MAC',
  ),
  'asvs 9.1.2': asvs(
    '0x18-V9-Self-contained-Tokens',
    '9.1.2 listed algorithms only, and never none, for self-contained tokens',
  ),
  'asvs 9.2.2': asvs(
    '0x18-V9-Self-contained-Tokens',
    '9.2.2 tokens of the right type, for their purpose only',
  ),
  'asvs 8.4.1': asvs('0x17-V8-Authorization', '8.4.1 operations of one tenant never touch another'),
  'asvs 10.3.2': asvs(
    '0x19-V10-OAuth-and-OIDC',
    '10.3.2 authorization by the claims of the access token (sub, scope)',
  ),
  'asvs 10.3.1': asvs('0x19-V10-OAuth-and-OIDC', '10.3.1 access tokens meant for this service (audience)'),
  'asvs 10.5.2': asvs(
    '0x19-V10-OAuth-and-OIDC',
    '10.5.2 people are identified by claims that are not reassigned, usually sub',
  ),
  'asvs 12.3.1': asvs('0x21-V12-Secure-Communication', '12.3.1 TLS for all inbound and outbound connections'),
  'asvs 13.4.1': asvs('0x22-V13-Configuration', '13.4.1 no history of the sources within reach'),
  'asvs 13.3.1': asvs(
    '0x22-V13-Configuration',
    '13.3.1 secrets of the back end in no source code, and in no build',
  ),
  'asvs 13.2.4': asvs('0x22-V13-Configuration', '13.2.4 an allowlist of systems that the app talks to'),
  'asvs 14.2.2': asvs('0x23-V14-Data-Protection', '14.2.2 sensitive data kept out of caches of servers'),
  'asvs 14.3.1': asvs('0x23-V14-Data-Protection', '14.3.1 authenticated data cleared from the client'),
  'asvs 14.3.2': asvs('0x23-V14-Data-Protection', '14.3.2 sensitive data kept out of caches of browsers'),
  'asvs 15.3.3': asvs(
    '0x24-V15-Secure-Coding-and-Architecture',
    '15.3.3 countermeasures against mass assignment',
  ),
  'asvs 16.2.5': asvs('0x25-V16-Security-Logging-and-Error-Handling', '16.2.5 sensitive data in logs'),
  'asvs 16.5.1': asvs(
    '0x25-V16-Security-Logging-and-Error-Handling',
    '16.5.1 generic messages for unexpected errors',
  ),
  'asvs 16.5.2': asvs(
    '0x25-V16-Security-Logging-and-Error-Handling',
    '16.5.2 secure operation while an external resource fails',
  ),
  'asvs 16.5.3': asvs('0x25-V16-Security-Logging-and-Error-Handling', '16.5.3 graceful and secure failure'),
  'asvs 16.5.4': asvs(
    '0x25-V16-Security-Logging-and-Error-Handling',
    '16.5.4 a last handler, so that no error ends the whole process',
  ),
  'asvs 8.3.1': asvs('0x17-V8-Authorization', '8.3.1 rules that a consumer cannot manipulate'),
  'next CVE-2025-29927': advisory(
    'GHSA-f82v-jwr5-mffw (CVE-2025-29927)',
    'authorization bypass in the middleware of Next.js',
  ),
  'next pathname authorization': advisory(
    'GHSA-7gfc-8cq8-jh5f (CVE-2024-51479)',
    'bypass of authorization by path in Next.js',
  ),
  'next segment prefetch': advisory(
    'GHSA-267c-6grr-h53f (CVE-2026-44575)',
    'middleware bypass of Next.js by segment prefetches',
  ),
  'next dynamic parameters': advisory(
    'GHSA-492v-c6pp-mqqv (CVE-2026-44574)',
    'middleware bypass of Next.js by route parameters',
  ),
  'next middleware matcher': {
    label: 'Next.js documentation, proxy (middleware): matcher',
    url: 'https://nextjs.org/docs/app/api-reference/file-conventions/proxy#matcher',
  },
  'next layouts': {
    label: 'Next.js documentation, Authentication: layouts and auth checks',
    url: 'https://nextjs.org/docs/app/guides/authentication#layouts-and-auth-checks',
  },
  'next server actions': {
    label: 'Next.js documentation, Authentication: server actions',
    url: 'https://nextjs.org/docs/app/guides/authentication#server-actions',
  },
  'authjs fail open': advisory(
    'GHSA-8fpg-xm3f-6cx3',
    'auth() takes an error for a session in next-auth 5 before beta.32',
  ),
  'authjs malformed bearer': advisory(
    'GHSA-xmf8-cvqr-rfgj',
    'getToken() throws at malformed bearer headers in next-auth and @auth/core',
  ),
  'authjs callbacks': authjs('Callbacks', 'reference/core#callbacks'),
  'authjs linking': authjs('Automatic account linking', 'concepts/oauth'),
  'authjs update': authjs('Updating the session', 'getting-started/session-management/get-session'),
  'authjs csrf': authjs('CSRF protection of sign-in and sign-out', 'concepts/security'),
  'authjs pages': authjs('Pages', 'reference/core/types#pagesoptions'),
  'authjs profile': authjs('Providers: profile()', 'reference/core/providers#profile'),
  'authjs providers': authjs('Configuring OAuth providers', 'guides/configuring-oauth-providers'),
  'authjs refresh': authjs('Refresh token rotation', 'guides/refresh-token-rotation'),
  'authjs session': authjs('Session management', 'concepts/session-strategies'),
  'authjs protecting': authjs('Protecting resources', 'getting-started/session-management/protecting'),
  'logto next-auth': logto('Add authentication to Next Auth', 'quick-starts/next-auth'),
  'logto offline_access': logto(
    'Refresh tokens: offline_access and prompt=consent',
    'end-user-flows/user-claims',
  ),
  'logto user claims': logto('Scopes and claims', 'end-user-flows/user-claims'),
  'logto api-resources': logto('Protect global API resources', 'authorization/global-api-resources'),
  'logto organizations': logto(
    'Protect organization (non-API) permissions',
    'authorization/organization-permissions',
  ),
  'logto organization-resources': logto(
    'Protect organization-level API resources',
    'authorization/organization-level-api-resources',
  ),
  'logto validate-access-tokens': logto(
    'How to validate access tokens in your API service',
    'authorization/validate-access-tokens',
  ),
  'logto webhooks': logto('Secure your webhooks', 'developers/webhooks/secure-webhooks'),
  'logto account-api': logto(
    'Account settings by Account API',
    'end-user-flows/account-settings/by-account-api',
  ),
  'logto sign-out': logto('Sign-out', 'end-user-flows/sign-out'),
  'logto phone': logto('Email and SMS sign-in', 'end-user-flows/sign-up-and-sign-in/sign-up'),
  'logto sign-in experience': logto('Sign-up and sign-in', 'end-user-flows/sign-up-and-sign-in'),
  'logto mfa': logto('Multi-factor authentication', 'end-user-flows/mfa'),
  'logto sms templates': logto('SMS connectors: templates and usage types', 'connectors/sms-connectors'),
  'logto connector-kit': logto(
    'Implement connectors: sendMessage and ConnectorError',
    'logto-oss/develop-your-connector/implement-connectors',
  ),
  'logto twilio': logto('Twilio SMS connector', 'integrations/twilio'),
  'twilio messages': {
    label: 'Twilio documentation, Messages resource',
    url: 'https://www.twilio.com/docs/messaging/api/message-resource',
  },
  'twilio segments': {
    label: 'Twilio documentation, What is the SMS character limit?',
    url: 'https://www.twilio.com/docs/glossary/what-sms-character-limit',
  },
  'twilio alphanumeric': {
    label: 'Twilio documentation, Alphanumeric Sender ID',
    url: 'https://www.twilio.com/docs/glossary/what-alphanumeric-sender-id',
  },
  'twilio errors': {
    label: 'Twilio documentation, Error and Warning Dictionary',
    url: 'https://www.twilio.com/docs/api/errors',
  },
} as const satisfies Record<string, ClauseLink>;

export type ClauseKey = keyof typeof clauses;
