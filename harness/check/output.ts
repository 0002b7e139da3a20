/** What the app writes while a check watches: the whole of it, or the check cannot say that something is not in it. */
import type { ControlClient } from '../../mocks/client.ts';
import { ConformanceError } from '../errors.ts';

export interface Output {
  /** What is left of it. */
  text: string;
  /**
   * To be called after what is left was searched in vain.
   * @throws ConformanceError CONF_OUTPUT_LOST when some of it is gone
   */
  demandWhole(): void;
}

/**
 * Begins to watch the app's output.
 *
 * @returns reads what came since, as often as it is called
 */
export async function watchOutput(control: Pick<ControlClient, 'call'>): Promise<() => Promise<Output>> {
  const { position } = await control.call<{ position: number }>('GET', '/target/raw-log');
  return async () => {
    const { text, lost, whole } = await control.call<{ text: string; lost: number; whole: boolean }>(
      'GET',
      `/target/raw-log?since=${position}`,
    );
    return {
      text,
      demandWhole() {
        if (!whole) throw outputLost('The app was still writing when its output was asked for');
        if (lost > 0) throw outputLost(`${lost} characters of the app's output are gone`);
      },
    };
  };
}

export const outputLost = (what: string): ConformanceError =>
  new ConformanceError({
    code: 'CONF_OUTPUT_LOST',
    what: `${what}: the app wrote more while it was watched than is kept`,
    expected: 'less than 32 million characters, and 20,000 lines, between the begin and the end of a check',
    remedy: 'let the app write less (log level, debug), and run the check again.',
  });
