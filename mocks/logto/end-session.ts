/** Pages of RP-initiated logout: the form that submits itself, and the end (recordings 514, 525). */
import type { KoaContextWithOIDC } from 'oidc-provider';

/** Logto's logout page has no button: the form is sent as soon as the page is loaded. */
export async function logoutPage(ctx: KoaContextWithOIDC, form: string): Promise<void> {
  ctx.body = `<!-- https://github.com/panva/node-oidc-provider/blob/main/docs/README.md#logoutsource -->
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="UTF-8">
  <meta name="viewport" content="width=device-width, initial-scale=1.0">
  <title>Sign Out</title>
</head>
<body onload="document.getElementById('op.logoutForm').submit();">
  ${form}
  <input type="hidden" form="op.logoutForm" value="yes" name="logout" />
</body>
</html>
`;
}

/** Where a sign-out without a post-logout address ends. */
export async function loggedOutPage(ctx: KoaContextWithOIDC): Promise<void> {
  ctx.type = 'html';
  ctx.body = `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="UTF-8">
  <meta name="viewport" content="width=device-width, initial-scale=1.0">
  <title>Sign Out</title>
</head>
<body>
  <main>
    <div class="message">You have successfully signed out.</div>
  </main>
</body>
</html>
`;
}
