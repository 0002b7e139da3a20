/** Drives a flow at a Logto, real or mock, and gives each exchange as it was. */
import { CookieJar } from 'tough-cookie';
import type { Recording } from '../../../mocks/logto/replay/recordings.ts';
import type { Wire, WireAnswer } from '../wire.ts';
import type { Flow, FlowStep } from './flow.ts';

/** A Logto, and what flows are filled in with. */
export interface Driven {
  origin: string;
  wire: Wire;
  /** Values by name: clientId, basic, redirectUri, phone, managementToken … */
  values: Record<string, string>;
  /** The code of the next message to `phone` since a moment. */
  readCode(phone: string, since: string): Promise<string>;
}

const fill = (text: string, values: Record<string, string>): string =>
  text.replace(/\{(\w+)(:uri)?\}/g, (whole, name: string, uri: string | undefined) => {
    const value = values[name];
    if (value === undefined) return whole;
    return uri ? encodeURIComponent(value) : value;
  });

const filled = <Tree>(tree: Tree, values: Record<string, string>): Tree =>
  tree === undefined ? tree : JSON.parse(fill(JSON.stringify(tree), values));

/** `body.a.b`, `location`, `location.code`; undefined when it is not there. */
function valueAt(answer: WireAnswer, place: string, origin: string): string | undefined {
  const [root, ...names] = place.split('.');
  if (root === 'body') {
    const found = names.reduce<unknown>(
      (node, name) => (node as Record<string, unknown> | undefined)?.[name],
      answer.json(),
    );
    return typeof found === 'string' ? found : undefined;
  }
  const [location] = [answer.headers.location ?? []].flat();
  if (!location) return undefined;
  const url = new URL(location, origin);
  return names[0] ? (url.searchParams.get(names[0]) ?? undefined) : url.href;
}

async function drive(
  step: FlowStep,
  driven: Driven,
  jars: Map<string, CookieJar>,
  number: number,
): Promise<Recording> {
  const { origin, wire, values } = driven;
  const target = fill(step.path, values);
  const url = new URL(target.replace(/^https?:\/\/[^/]+/, '') || '/', origin);
  const jar = step.jar ? (jars.get(step.jar) ?? new CookieJar(undefined, { looseMode: true })) : undefined;
  if (step.jar && jar) jars.set(step.jar, jar);
  const cookie = await jar?.getCookieString(url.href);
  const headers = { ...filled(step.headers, values), ...(cookie && { cookie }) };
  const form = filled(step.form, values);
  const json = filled(step.json, values);
  const since = new Date().toISOString();
  const answer = await wire.ask(url, {
    method: step.method,
    headers,
    form,
    json,
    facts: { endpoint: 'record' },
  });
  for (const line of [answer.headers['set-cookie'] ?? []].flat())
    await jar?.setCookie(line, url.href, { ignoreError: true });
  for (const [name, place] of Object.entries(step.keep)) {
    const value = valueAt(answer, place, origin);
    if (value !== undefined) values[name] = value;
  }
  if (step.code) values.code = await driven.readCode(values.phone as string, since);
  const body = form ? new URLSearchParams(form).toString() : json === undefined ? null : JSON.stringify(json);
  return {
    number,
    name: step.name,
    note: step.note ?? '',
    request: { method: step.method, path: url.pathname + url.search, port: Number(url.port), headers, body },
    response: { status: answer.status, headers: answer.headers, body: answer.json() ?? answer.text },
  };
}

/** Every exchange of a flow, in order; a step after one that gave no value is driven all the same, as it stands. */
export async function driveFlow(flow: Flow, driven: Driven): Promise<Recording[]> {
  const jars = new Map<string, CookieJar>();
  const exchanges: Recording[] = [];
  for (const [index, step] of flow.steps.entries())
    exchanges.push(await drive(step, driven, jars, flow.number * 100 + index + 1));
  return exchanges;
}
