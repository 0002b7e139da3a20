/** The engine's own grant handlers, which its published types leave out. */
declare module 'oidc-provider/lib/actions/grants/refresh_token.js' {
  import type { KoaContextWithOIDC } from 'oidc-provider';
  export function handler(ctx: KoaContextWithOIDC): Promise<void>;
}
declare module 'oidc-provider/lib/actions/grants/client_credentials.js' {
  import type { KoaContextWithOIDC } from 'oidc-provider';
  export function handler(ctx: KoaContextWithOIDC): Promise<void>;
}
