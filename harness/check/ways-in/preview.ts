/** Addresses that let editors preview what is not published (Next.js, draft mode): asked for by a stranger who knows no secret. */
import { demand } from '../../errors.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { isDynamic, linksIn, mayBeDoor } from '../doors/crawl.ts';
import { send } from '../doors/send.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'step' | 'notApplicable'> & Pick<LabFixtures, 'lab'>;

/** What such an address is usually called (nextjs.org, Draft Mode and Preview Mode; guides of content systems). */
const CALLED =
  /\/(?:draft|preview)(?:-?mode)?(?:\/(?:enable|start|enter))?\/?$|\/enable-(?:draft|preview)\/?$/i;
/** Cookies that open it, with a value. */
const MARK = /^(?:__prerender_bypass|__next_preview_data)=(?!;|\s*$)[^;]{8,}/;
const SECRET = /secret|token|key|pass|sig|code|auth/i;
/** What is previewed. */
const WHAT = ['slug', 'path', 'url', 'id', 'page', 'redirect', 'pathname', 'entry'];
const PATHS_MAX = 6;
const VALUES_MAX = 16;
const PAGES_MAX = 6;

/** Addresses that start a preview, by what their sources do or what they are called, with the parameters that these read. */
export function previewsOf(lab: LabDescription): { path: string; names: string[] }[] {
  return (lab.routes?.paths ?? [])
    .filter(
      ({ path, startsPreview }) =>
        !isDynamic(path) &&
        mayBeDoor(path, lab) &&
        (startsPreview || (CALLED.test(path) && /\/api\//.test(path))),
    )
    .map(({ path, parameters = [] }) => ({ path, names: parameters }))
    .slice(0, PATHS_MAX);
}

/** What published pages are called, those deepest down first: some of them stand for what is edited. */
async function publicNames(stranger: Visitor, lab: LabDescription): Promise<string[]> {
  const linksAt = async (path: string) => {
    const answer = await stranger.get(path);
    const links = answer.status < 300 ? linksIn(answer.text, answer.url) : [];
    return links.filter((to) => mayBeDoor(to, lab));
  };
  const first = await linksAt(lab.config.pages.home);
  const links = new Set(first);
  for (const path of first.slice(0, PAGES_MAX)) for (const to of await linksAt(path)) links.add(to);
  const parts = (path: string) => path.split(/[/?]/).filter(Boolean);
  const deepest = [...links].sort((one, other) => parts(other).length - parts(one).length);
  return [...new Set(deepest.flatMap((path) => [parts(path).at(-1) ?? '/', path])), '/'].slice(0, VALUES_MAX);
}

/** The body of `ways-in/preview`: no address gives a stranger the marks of a preview. */
export async function startsNoPreview({ visitor, step, notApplicable, lab }: Body): Promise<void> {
  const previews = previewsOf(lab);
  if (previews.length === 0) notApplicable('no address is known that starts a preview');
  const stranger = await visitor();
  const values = await publicNames(stranger, lab);
  await step(
    'approach',
    async () => {
      let count = 0;
      for (const { path, names } of previews)
        for (const value of ['', ...values]) {
          const what = names.filter((name) => !SECRET.test(name));
          const parameters = (what.length > 0 ? what : WHAT).map((name) => [name, value]);
          const asked = value === '' ? path : `${path}?${new URLSearchParams(parameters)}`;
          const answer = await send(stranger, lab.app.origin, { path: asked });
          await stranger.agent.jar.removeAllCookies();
          count += 1;
          demand(
            !answer?.setCookies.some((line) => MARK.test(line)),
            () => `Started a preview for a stranger who said no secret: GET ${asked}.`,
          );
        }
      return count;
    },
    (count) => `Started no preview, asked ${count} times without a secret.`,
  );
}
