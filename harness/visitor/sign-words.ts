/**
 * What people press to get in and out, as apps say it: English and the languages that Logto's own pages speak, and some more. A
 * word that stands inside the other one (connecter, déconnecter) is told apart.
 */
const join = (...words: RegExp[]): RegExp => new RegExp(words.map(({ source }) => source).join('|'), 'i');

const WAY_IN = join(
  /sign.?in|log.?in/,
  /anmelden|einloggen/, // German
  /(?<!d[ée])conne(?:xion|cter)/, // French
  /iniciar (?:sesi[óo]n|sess[ãa]o)|\bacceder\b|\bentrar\b|fazer login/, // Spanish, Portuguese
  /\baccedi\b/, // Italian
  /inloggen|aanmelden/, // Dutch
  /zaloguj/, // Polish
  /logga.?in|logg.?inn|log.?ind|kirjaudu sisään/, // Swedish, Norwegian, Danish, Finnish
  /přihlásit|prihlásiť|bejelentkez|(?<!de)conect(?:are|ează)|autentific/, // Czech, Slovak, Hungarian, Romanian
  /войти|(?<![а-я])вход|увійти|(?<!απο)σύνδεση|είσοδος/, // Russian, Bulgarian, Ukrainian, Greek
  /giriş yap|oturum aç/, // Turkish
  /ログイン|サインイン|로그인|登录|登入|登錄/, // Japanese, Korean, Chinese
  /تسجيل الدخول|ورود|התחבר|כניסה/, // Arabic, Persian, Hebrew
  /เข้าสู่ระบบ|đăng nhập|\bmasuk\b|लॉग ?इन|साइन ?इन/, // Thai, Vietnamese, Indonesian, Hindi
);

/** Buttons that people press to get in: those of a provider say "Continue with …", too. */
export const SIGN_IN = join(/continue/, WAY_IN);

/** What a page says that shows nothing to whoever is not signed in: it asks them to, or refuses. */
export const TURNS_AWAY = join(
  WAY_IN,
  /unauthori[sz]ed|forbidden|denied|verweigert|nicht berechtigt|refusé|interdit|denegado|proibido|negado|negato|vietato|geweigerd|odmowa|запрещ|заборон|拒否|거부|拒绝|拒絕/,
);

export const SIGN_OUT = join(
  /sign[\s_-]?(?:out|off)|log[\s_-]?(?:out|off)|good.?bye|end.?session/,
  /abmelden|ausloggen/,
  /d[ée]connexion|d[ée]connecter/,
  /(?:cerrar|terminar|encerrar)[\s_-]?(?:sesi[óo]n|sess[ãa]o)|desconectar|\bsair\b/,
  /\besci\b|disconnetti/,
  /uitloggen|afmelden/,
  /wyloguj/,
  /logga.?ut|logg.?ut|log.?ud|kirjaudu ulos/,
  /odhlásit|odhlásiť|kijelentkez|deconect/,
  /выйти|выход|вийти|изход|αποσύνδεση|έξοδος/,
  /çıkış|oturumu kapat/,
  /ログアウト|サインアウト|로그아웃|退出|登出|注销|註銷/,
  /تسجيل الخروج|خروج|התנתק|יציאה/,
  /ออกจากระบบ|đăng xuất|\bkeluar\b|लॉग ?आउट|साइन ?आउट/,
);
