/** A picture of what happens in a check: who speaks to whom, and where it is spoilt. */
import type { Entry } from './suites.ts';

interface Step {
  from: number;
  to: number;
  says: string;
  /** Stages of faults that this step can carry (the part of a fault's name before the slash). */
  stages?: readonly string[];
}

const LANES = ['browser', 'app', 'Logto', 'Twilio'];

/** A sign-in by phone one-time code, as the mocks see it. */
const SIGN_IN: readonly Step[] = [
  { from: 1, to: 2, says: 'discovery', stages: ['discovery', 'transport'] },
  { from: 0, to: 2, says: 'authorize' },
  { from: 2, to: 3, says: 'one-time code', stages: ['error', 'delivery'] },
  { from: 0, to: 1, says: 'callback', stages: ['authorization'] },
  { from: 1, to: 2, says: 'token', stages: ['token', 'id-token'] },
  { from: 1, to: 2, says: 'keys', stages: ['jwks'] },
  { from: 1, to: 2, says: 'userinfo', stages: ['userinfo'] },
  { from: 1, to: 0, says: 'session' },
];

/** A sign-out. */
const SIGN_OUT: readonly Step[] = [
  { from: 0, to: 1, says: 'sign-out' },
  { from: 0, to: 2, says: 'end-session', stages: ['end-session'] },
  { from: 2, to: 1, says: 'logout token', stages: ['logout-token'] },
  { from: 1, to: 0, says: 'no session' },
];

const LANE = 150;
const ROW = 26;
const LEFT = 70;

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
const laneAt = (lane: number) => LEFT + lane * LANE;

/** The steps of a check's sign-in or sign-out, and which of them its fault spoils; -1 for none. */
export function stepsOf({ suite, fault }: Pick<Entry, 'suite' | 'fault'>): {
  steps: readonly Step[];
  spoilt: number;
} {
  const stage = fault?.split('/')[0] ?? '';
  const goesOut = SIGN_OUT.some(({ stages }) => stages?.includes(stage));
  const steps = goesOut
    ? SIGN_OUT
    : suite === 'sign-out' && !fault
      ? [...SIGN_IN, ...SIGN_OUT.slice(0, 1), ...SIGN_OUT.slice(3)]
      : SIGN_IN;
  return { steps, spoilt: steps.findIndex(({ stages }) => stages?.includes(stage)) };
}

/**
 * The picture, as SVG for an HTML page; undefined where no sign-in stands behind the check (laws, connectors).
 *
 * @param faultTitle what the mock does, in words
 */
export function timeLine(entry: Entry, faultTitle?: string): string | undefined {
  if (entry.suite === 'laws' || entry.suite === 'connector' || entry.signIn === 'none') return undefined;
  const { steps, spoilt } = stepsOf(entry);
  const height = 64 + steps.length * ROW;
  const width = LEFT + LANE * (LANES.length - 1) + 70;
  const lanes = LANES.map(
    (name, lane) =>
      `<text x="${laneAt(lane)}" y="16" text-anchor="middle" font-weight="600">${name}</text><line x1="${laneAt(lane)}" y1="24" x2="${laneAt(lane)}" y2="${height - 12}" stroke="currentColor" stroke-opacity=".25"/>`,
  ).join('');
  const arrows = steps
    .map(({ from, to, says }, index) => {
      const y = 46 + index * ROW;
      const [x1, x2] = [laneAt(from), laneAt(to)];
      const tip = x2 > x1 ? -7 : 7;
      const bad = index === spoilt;
      const color = bad ? '#d1242f' : 'currentColor';
      const label = `<text x="${(x1 + x2) / 2}" y="${y - 4}" text-anchor="middle" fill="${color}"${bad ? ' font-weight="600"' : ''}>${says}${bad ? ' (spoilt)' : ''}</text>`;
      return `${label}<line x1="${x1}" y1="${y}" x2="${x2}" y2="${y}" stroke="${color}" stroke-width="${bad ? 2.5 : 1}"/><path d="M${x2} ${y} l${tip} -4 v8 z" fill="${color}"/>`;
    })
    .join('');
  const said = `${entry.id}: ${steps.map(({ says }) => says).join(', ')}${faultTitle ? `; the mock ${faultTitle}` : ''}`;
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(said)}" style="max-width:${width}px;width:100%;font-size:12px" fill="currentColor">${lanes}${arrows}</svg>`;
}
