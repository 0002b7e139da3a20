/** Codes and tokens made by a sign-in that no recording shows. */
import { SCOPE_HEADER } from '../../scope.ts';
import { findApplication } from '../claims.ts';
import { FULL_SCOPE, findUser, pkce, redirectUriOf, type World } from './world.ts';

/** The person of most recordings, and the application. */
export const PERSON = '14155550101';
export const APPLICATION = 'n3stq00h9bjuetfkj7wvd';

export interface Wanted {
  clientId?: string;
  phone?: string;
  scope?: string;
  nonce?: string;
  resource?: string;
  /** Asks the token endpoint for an access token of the resource, not only the authorization endpoint. */
  resourceToken?: boolean;
  maxAge?: string;
  verifier?: string | null;
  consent?: boolean;
  /** The person's id, instead of their number. */
  accountId?: string;
  mockScope?: string;
  jar?: Map<string, string>;
}

export interface Mint {
  /** The id of the person with a number, made when there is none. */
  accountOf(phone: string): Promise<string>;
  code(wanted: Wanted): Promise<string>;
  tokens(wanted: Wanted): Promise<Record<string, string>>;
}

export function createMint(world: World): Mint {
  const accountOf = async (phone: string): Promise<string> => {
    const known = findUser(world, phone);
    if (known) return known.id;
    const now = Date.now();
    const id = `u${phone}`;
    await world.mock.context.tenant.users.create({ id, primaryPhone: phone, createdAt: now, updatedAt: now });
    return id;
  };

  const code: Mint['code'] = async (wanted) => {
    const {
      clientId = APPLICATION,
      scope = FULL_SCOPE,
      nonce,
      resource,
      maxAge,
      verifier,
      consent = true,
    } = wanted;
    const params: Record<string, string> = {
      scope,
      state: 'replay',
      ...(nonce !== undefined && { nonce }),
      ...(resource !== undefined && { resource }),
      ...(maxAge !== undefined && { max_age: maxAge }),
      ...(consent && { prompt: 'consent' }),
      ...(verifier !== null && { code_challenge: pkce(verifier).challenge, code_challenge_method: 'S256' }),
    };
    const answer = await world.signIn({
      clientId,
      params,
      accountId: wanted.accountId ?? (await accountOf(wanted.phone ?? PERSON)),
      scope: wanted.mockScope,
      jar: wanted.jar,
    });
    const value = answer.get('code');
    if (!value) throw new Error(`no code for ${JSON.stringify(params)}: ${answer}`);
    return value;
  };

  const tokens: Mint['tokens'] = async (wanted) => {
    const { verifier } = pkce();
    const clientId = wanted.clientId ?? APPLICATION;
    const secret = world.secretOf(clientId);
    const { type } = findApplication(world.mock.context.tenant, clientId) ?? {};
    const confidential = secret && type === 'Traditional';
    const answer = await world.ask({
      method: 'POST',
      path: '/oidc/token',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(confidential && {
          authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
        }),
        ...(wanted.mockScope && { [SCOPE_HEADER]: wanted.mockScope }),
      },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: await code({ ...wanted, verifier }),
        redirect_uri: redirectUriOf(world.mock, clientId),
        code_verifier: verifier,
        ...(!confidential && { client_id: clientId }),
        ...(wanted.resourceToken && wanted.resource !== undefined && { resource: wanted.resource }),
      }).toString(),
    });
    if (answer.status !== 200) throw new Error(`no tokens: ${JSON.stringify(answer.body)}`);
    return answer.body as Record<string, string>;
  };

  return { accountOf, code, tokens };
}
