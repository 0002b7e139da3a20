/**
 * Pairs of values that mean the same: what the real Logto made at random, and what the mock made in its place.
 *
 * A pair is learned the first time both stand at the same place and have the same shape; from then on the
 * recorded value must always meet the same live value, so identity (same token twice, other token) is compared.
 */
const TOKEN = /(?<=%[0-9A-F]{2}|[^\w%-]|^)[\w-]{10,}/g;

/** Shapes of values that are made anew each time. */
const SHAPES: RegExp[] = [
  /^[0-9a-f]{48}$/,
  /^[\w-]{43}$/,
  /^[\w-]{27}$/,
  /^[a-z0-9]{21}$/,
  /^[a-z0-9]{12}$/,
  /^[A-Za-z0-9]{32}$/,
  /^1[789]\d{11}$/,
  /^1[789]\d{8}$/,
  /^[\w-]{64}$/,
];
const ISO_DATE = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;
/** The modulus of a key of 4096 bits. */
const RSA_4096 = /^[\w-]{683}$/;
/** Words joined to one, as in codes and enumerations; they have the length of an id now and then. */
const WORDS = /^[A-Z]?[a-z]+(?:[_-]?[A-Z]?[a-z]+)*$/;
/** Members whose values are ids even when no digit happens to stand in one. */
const ID_MEMBER = /(?:^|[.[])(?:id|sub|jti|sid|kid|\w*Ids?)(?:\[\d+\])?$/;

export interface Pairs {
  /** Live text for a recorded one: every known value is exchanged. */
  live(recorded: string): string;
  set(recorded: string, live: string): void;
  has(recorded: string): boolean;
  get(recorded: string): string | undefined;
  /**
   * Whether two texts agree, learning new pairs on the way.
   *
   * @param member path of the member in which they stand, such as `body.user.id`
   */
  agree(recorded: string, live: string, member?: string): boolean;
  /** The live value that a recorded one stands for the other way round. */
  recordedOf(live: string): string | undefined;
  /** A copy that learns on its own. */
  copy(): Pairs;
  /** Learns on its own, and knows what this one knows. */
  overlay(): Pairs;
}

const shapeOf = (text: string) => SHAPES.findIndex((shape) => shape.test(text));

/**
 * @param known pairs to begin with
 * @param under pairs that count where these have none
 */
export function createPairs(known: Iterable<readonly [string, string]> = [], under?: Pairs): Pairs {
  const forward = new Map<string, string>();
  const backward = new Map<string, string>();

  const learn = (recorded: string, live: string) => {
    forward.set(recorded, live);
    backward.set(live, recorded);
  };
  for (const [recorded, live] of known) learn(recorded, live);
  const get = (recorded: string) => forward.get(recorded) ?? under?.get(recorded);
  const recordedOf = (live: string) => backward.get(live) ?? under?.recordedOf(live);
  const swap = (text: string) => text.replace(TOKEN, (token) => get(token) ?? token);

  const agreeToken = (recorded: string, live: string, member: string): boolean => {
    const known = get(recorded);
    if (known !== undefined) return known === live;
    if (recorded === live) return true;
    const shape = shapeOf(recorded);
    // RSA keys of the mock are shorter (keys.ts).
    const bothModuli = RSA_4096.test(recorded) && /^[\w-]{342}$/.test(live);
    if (!bothModuli && (shape < 0 || shape !== shapeOf(live))) return false;
    if (/^1[789]\d+$/.test(recorded)) return true;
    if ((WORDS.test(recorded) || WORDS.test(live)) && !ID_MEMBER.test(member)) return false;
    if (recordedOf(live) !== undefined) return false;
    learn(recorded, live);
    return true;
  };

  const pairs: Pairs = {
    live: swap,
    set: learn,
    has: (recorded) => get(recorded) !== undefined,
    get,
    recordedOf,
    agree(recorded, live, member = '') {
      if (ISO_DATE.test(recorded) && ISO_DATE.test(live)) return true;
      if (recorded.replace(TOKEN, '·') !== live.replace(TOKEN, '·')) return false;
      const theirs = recorded.match(TOKEN) ?? [];
      const ours = live.match(TOKEN) ?? [];
      return theirs.every((token, at) => agreeToken(token, ours[at] as string, member));
    },
    copy: () => createPairs(forward),
    overlay: () => createPairs([], pairs),
  };
  return pairs;
}
