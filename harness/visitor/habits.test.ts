/** What healthy apps do that a person does not stumble over. */
import { afterAll, describe, expect, it } from 'vitest';
import { copyTarget, type Variant } from '../../fixtures/copy-target.ts';
import { judge } from '../../fixtures/mutants/judge.ts';
import { SIGN_IN, SIGN_OUT } from './sign-words.ts';

const variants: Variant[] = [];
afterAll(() => {
  for (const variant of variants) variant.remove();
});

async function journeyOf(pages: [from: string, to: string][]) {
  const variant = copyTarget('express', { 'pages.js': pages });
  variants.push(variant);
  const { checks } = await judge({ target: { command: 'node server.js', cwd: variant.folder } }, [
    'phone-otp/browser-journey',
  ]);
  return checks.map(({ verdict, message }) => [verdict, message]);
}

const submit = '  event.preventDefault();';
const end = '</main></body>';
const dialogue = (words: string, button: string) =>
  `<div id="d" role="dialog" aria-label="${words}" style="position:fixed;inset:0;background:#fffd;display:none"><p>${words}</p><button type="button" id="yes">${button}</button></div>`;

describe('the journey', { timeout: 120_000 }, () => {
  it('says yes where the browser asks whether somebody is sure', async () => {
    expect(await journeyOf([[submit, `${submit}\n  if (!confirm('Are you sure?')) return;`]])).toEqual([
      ['pass', undefined],
    ]);
  });

  it.each(['Yes', 'Sign out'])(
    'says so in a dialogue of the app, whose button is called %s',
    async (name) => {
      const ask = `if (/signout/.test(form.action)) await new Promise((go) => { d.style.display = 'block'; yes.onclick = go; });`;
      expect(
        await journeyOf([
          [submit, `${submit}\n  ${ask}`],
          [end, `${dialogue('Are you sure?', name)}${end}`],
        ]),
      ).toEqual([['pass', undefined]]);
    },
  );

  it('closes a banner that lies over the page', async () => {
    const banner = `<div id="b" style="position:fixed;inset:0;background:#fffd"><p>We use cookies.</p><button type="button" onclick="document.cookie='seen=1';b.remove()">Accept all</button></div><script>if (document.cookie.includes('seen')) b.remove()</script>`;
    expect(await journeyOf([[end, `${banner}${end}`]])).toEqual([['pass', undefined]]);
  });

  it('reads the language of the app', async () => {
    expect(
      await journeyOf([
        ["'Sign out'", "'Abmelden'"],
        ["'Sign in with Logto'", "'Anmelden'"],
      ]),
    ).toEqual([['pass', undefined]]);
  });
});

describe('a page that asks strangers to sign in where it stands', { timeout: 120_000 }, () => {
  it.each([
    ['is closed, in any language', 'Bitte melden Sie sich an: <a href="/auth/signin">Anmelden</a>', 'pass'],
    ['is open when it says nothing of that', 'Weiterlesen: Tee, Kaffee', 'fail'],
  ])('%s', async (_what, text, verdict) => {
    const variant = copyTarget('express', {
      'app.js': [
        [
          '    res.redirect(`/auth/signin?callbackUrl=${encodeURIComponent(req.originalUrl)}`);',
          `    res.send(${JSON.stringify(`<!doctype html><html lang="de"><title>Konto</title><p>${text}</p></html>`)});`,
        ],
      ],
    });
    variants.push(variant);
    const { checks } = await judge(
      { target: { command: 'node server.js', cwd: variant.folder }, pages: { protected: ['/protected'] } },
      ['session/protected-page', 'sign-out/protected-closed'],
    );
    expect(checks.map((check) => check.verdict)).toEqual([verdict, verdict]);
  });
});

describe('words', () => {
  it.each([
    ['en', 'Log in', 'Log out'],
    ['de', 'Anmelden', 'Abmelden'],
    ['fr', 'Se connecter', 'Se déconnecter'],
    ['fr', 'Connexion', 'Déconnexion'],
    ['es', 'Iniciar sesión', 'Cerrar sesión'],
    ['pt', 'Entrar', 'Sair'],
    ['pt', 'Iniciar sessão', 'Terminar sessão'],
    ['it', 'Accedi', 'Esci'],
    ['nl', 'Inloggen', 'Uitloggen'],
    ['pl', 'Zaloguj się', 'Wyloguj się'],
    ['sv', 'Logga in', 'Logga ut'],
    ['nb', 'Logg inn', 'Logg ut'],
    ['da', 'Log ind', 'Log ud'],
    ['fi', 'Kirjaudu sisään', 'Kirjaudu ulos'],
    ['cs', 'Přihlásit se', 'Odhlásit se'],
    ['sk', 'Prihlásiť sa', 'Odhlásiť sa'],
    ['hu', 'Bejelentkezés', 'Kijelentkezés'],
    ['ro', 'Conectare', 'Deconectare'],
    ['ru', 'Войти', 'Выйти'],
    ['ru', 'Вход', 'Выход'],
    ['bg', 'Вход', 'Изход'],
    ['uk', 'Увійти', 'Вийти'],
    ['el', 'Σύνδεση', 'Αποσύνδεση'],
    ['tr', 'Giriş yap', 'Çıkış yap'],
    ['ja', 'ログイン', 'ログアウト'],
    ['ko', '로그인', '로그아웃'],
    ['zh-CN', '登录', '退出登录'],
    ['zh-TW', '登入', '登出'],
    ['ar', 'تسجيل الدخول', 'تسجيل الخروج'],
    ['fa', 'ورود', 'خروج'],
    ['he', 'התחברות', 'התנתקות'],
    ['th', 'เข้าสู่ระบบ', 'ออกจากระบบ'],
    ['vi', 'Đăng nhập', 'Đăng xuất'],
    ['id', 'Masuk', 'Keluar'],
    ['hi', 'लॉग इन', 'लॉग आउट'],
  ])('of %s: %s, %s', (_language, signIn, signOut) => {
    expect([SIGN_IN.test(signIn), SIGN_OUT.test(signIn)]).toEqual([true, false]);
    expect(SIGN_OUT.test(signOut)).toBe(true);
    // 退出登录 holds the word for signing in; nobody looks for a way in where somebody is signed in.
    if (signOut !== '退出登录') expect(SIGN_IN.test(signOut)).toBe(false);
  });
});
