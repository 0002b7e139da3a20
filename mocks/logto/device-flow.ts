/**
 * The device flow (RFC 8628) of Logto: the engine's pages are its own, at /device (packages/core oidc/device-flow.ts,
 * middleware/koa-device-flow-shortcut.ts).
 */
import type { KoaContextWithOIDC } from 'oidc-provider';

/** Readable by the page, which sends it back in its form. */
export const XSRF_COOKIE = '_logto_device_flow_xsrf';
/** Seconds that a device code is good for. */
export const DEVICE_CODE_TTL = 600;
const COOKIE = { httpOnly: false, overwrite: true, path: '/device', sameSite: 'lax' } as const;

/** Parameters of the page that are passed on. */
const SHARED = ['app_id', 'organization_id', 'ui_locales'];

function toPage(ctx: KoaContextWithOIDC, state: Record<string, string | undefined>): void {
  const secret = (ctx.oidc.session?.state as { secret?: string } | undefined)?.secret ?? '';
  ctx.cookies.set(XSRF_COOKIE, secret, { ...COOKIE, maxAge: DEVICE_CODE_TTL * 1000 });
  const given: Record<string, unknown> = { ...ctx.oidc.entities.DeviceCode?.params, ...ctx.query };
  const shared = SHARED.flatMap((name) => (typeof given[name] === 'string' ? [[name, given[name]]] : []));
  const told = Object.entries(state).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams([...shared, ...told] as [string, string][]).toString();
  ctx.redirect(query ? `/device?${query}` : '/device');
}

/** Settings of the engine. */
export const deviceFlow = {
  enabled: true,
  async userCodeInputSource(
    ctx: KoaContextWithOIDC,
    _form: string,
    _out: unknown,
    error?: Error & { userCode?: string },
  ): Promise<void> {
    toPage(ctx, { input_code: error?.userCode, error: error?.name });
  },
  async userCodeConfirmSource(
    ctx: KoaContextWithOIDC,
    _form: string,
    _client: unknown,
    _device: unknown,
    userCode: string,
  ): Promise<void> {
    toPage(ctx, { user_code: userCode });
  },
  async successSource(ctx: KoaContextWithOIDC): Promise<void> {
    ctx.cookies.set(XSRF_COOKIE, '', { ...COOKIE, maxAge: 0 });
    ctx.redirect('/device/success');
  },
};

/** People type the address: it is told without `/oidc`. */
export async function shortenVerificationUri(
  ctx: KoaContextWithOIDC,
  next: () => Promise<void>,
): Promise<void> {
  await next();
  if (ctx.path !== '/device/auth' || ctx.status !== 200) return;
  const body = ctx.body as Record<string, unknown>;
  for (const name of ['verification_uri', 'verification_uri_complete'])
    if (typeof body[name] === 'string') body[name] = body[name].replace('/oidc/device', '/device');
}
