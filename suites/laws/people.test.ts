/** Whom the data of a person may be shown to. */
import { expect, it } from 'vitest';
import { APP, answer, history, named, outcomeOf, seen } from '../../fixtures/told-by-laws.ts';
import type { HistoryExchange } from '../../harness/check/law.ts';

it('a list of members is for members, and names them alone', () => {
  const told = (...parts: Partial<HistoryExchange>[]) =>
    (outcomeOf('laws/people-apart', history(...parts)) as { what: string }[]).length;
  const list = named('/team', ['eve', 'grace']);
  const more = seen('email address', { owner: 'eve' }).sightings ?? [];
  expect(told(list)).toBe(0);
  // Where strangers are refused, one who is shown it has got past the guard; else it is for everybody.
  const refused = { url: `${APP}/team`, status: 302, entitled: [] };
  expect(told(list, refused, named('/team', ['eve', 'grace'], []))).toBe(3);
  expect(told(named('/team', ['eve', 'grace'], []))).toBe(0);
  expect(told({ ...list, sightings: [...(list.sightings ?? []), ...more] })).toBe(3);
  expect(told(named('/auth/session', ['eve', 'grace']))).toBe(2);
  // An id beside a name is what leads to a profile; one without a name is told.
  const id = (owner: string) => seen('user id', { owner, print: `id of ${owner}` }).sightings ?? [];
  expect(told({ ...list, sightings: [...(list.sightings ?? []), ...id('eve')] })).toBe(0);
  expect(told({ ...list, sightings: [...(list.sightings ?? []), ...id('hedy')] })).toBeGreaterThan(0);
});

it('public profiles name each their owner alone', () => {
  const told = (...parts: Partial<HistoryExchange>[]) =>
    (outcomeOf('laws/people-apart', history(...parts)) as { what: string }[]).length;
  const shown = (path: string, owner: string, entitled: string[] = []): Partial<HistoryExchange> => ({
    url: `${APP}${path}`,
    entitled,
    sightings: seen('name', { owner, print: `name of ${owner}` }).sightings ?? [],
  });
  const two = [shown('/u/u17', 'eve'), named('/u/u34', ['grace'])];
  expect(told(...two)).toBe(0);
  // Their own page is one of them.
  expect(told(shown('/u/u17', 'eve'), shown('/u/u34', 'grace', ['grace']))).toBe(0);
  // One alone is told by its address.
  expect(told(shown('/u/u17', 'eve'))).toBe(0);
  expect(told(shown('/orders/17', 'eve'))).toBe(1);
  // Two orders name their owners as well.
  expect(told(shown('/orders/17', 'eve'), shown('/orders/18', 'grace'))).toBe(2);
  // A handle is one without a folder; the frame of a page, and a page that is not there, name whoever looks.
  expect(told(shown('/@eve-17', 'eve'), shown('/', 'ada', ['ada']))).toBe(0);
  const framed = ['/u/flora', '/u/bert'].map((path) => shown(path, 'ada', ['ada']));
  expect(told(...two, ...framed, shown('/u/u51', 'ada', ['eve']))).toBe(0);
  expect(told(...two, { ...shown('/u/none', 'ada', ['ada']), status: 404 }, shown('/u/u51', 'ada'))).toBe(0);
  // Another spelling of an address, and a name that the request has said, are none of somebody else.
  expect(told(...two, shown('/u/u3%34', 'grace'))).toBe(0);
  const said = { side: 'request' as const, where: 'header' as const };
  const echo = shown('/u/u17', 'ada', []);
  const echoed = (echo.sightings ?? []).flatMap((each) => [each, { ...each, ...said }]);
  expect(told(...two, { ...echo, sightings: echoed })).toBe(0);
  // One address for several people, and pages whose list is for members, are none.
  expect(told(...two, shown('/u/u17', 'grace'))).toBe(3);
  expect(told(...two, { url: `${APP}/u`, status: 302, entitled: [] })).toBe(2);
  expect(told(...two, { url: `${APP}/u`, status: 404, entitled: [] })).toBe(0);
});

it('a page about some names those who have public profiles, and nobody is greeted there', () => {
  const told = (...parts: Partial<HistoryExchange>[]) =>
    (outcomeOf('laws/people-apart', history(...parts)) as { what: string }[]).length;
  const shown = (
    path: string,
    owner: string | undefined,
    entitled: string[] = [],
  ): Partial<HistoryExchange> => ({
    url: `${APP}${path}`,
    entitled,
    sightings: owner ? (seen('name', { owner, print: `name of ${owner}` }).sightings ?? []) : [],
  });
  const profiles = [shown('/people/otter-1oy', 'eve'), shown('/people/heron-7ka', 'grace')];
  const home = ['bert', 'flora'].map((who) => shown('/me', who, [who]));
  const unnamed = ['bert', 'flora'].map((who) => shown('/leaders', undefined, [who]));
  const named = [shown('/leaders', 'eve', ['ada']), shown('/leaders', 'eve', ['eve'])];
  expect(told(...profiles, ...home, ...unnamed, ...named)).toBe(0);
  // Without a profile; where it shows everybody themselves; by one member whom it does not name alone.
  expect(told(...home, ...unnamed, ...named)).toBe(1);
  expect(told(...profiles, ...home, ...named)).toBe(1);
  expect(told(...profiles, ...home, ...unnamed.slice(0, 1), ...named)).toBe(1);
});

it('a link to give away ends like the profile of whoever gave it', () => {
  const told = (...parts: Partial<HistoryExchange>[]) =>
    (outcomeOf('laws/people-apart', history(...parts)) as { what: string }[]).length;
  const shown = (path: string, owner: string): Partial<HistoryExchange> => ({
    url: `${APP}${path}`,
    entitled: [],
    sightings: seen('name', { owner, print: `name of ${owner}` }).sightings ?? [],
  });
  const profiles = [shown('/people/otter-1oy', 'eve'), shown('/people/heron-7ka', 'grace')];
  expect(told(...profiles, shown('/r/otter-1oy', 'eve'))).toBe(0);
  // Somebody else's; of nobody who has a profile; a number may be that of anything.
  expect(told(...profiles, shown('/r/otter-1oy', 'grace'))).toBe(1);
  expect(told(...profiles, shown('/r/badger-9', 'eve'))).toBe(1);
  expect(told(shown('/u/17', 'eve'), shown('/u/34', 'grace'), shown('/orders/17', 'eve'))).toBe(1);
});

it('who stands in a list of members is named to them elsewhere as well', () => {
  const told = (...parts: Partial<HistoryExchange>[]) =>
    (
      outcomeOf('laws/people-apart', history(named('/team', ['eve', 'grace']), ...parts)) as {
        what: string;
      }[]
    ).length;
  const shown = (path: string, owner: string, entitled = ['ada']): Partial<HistoryExchange> => ({
    url: `${APP}${path}`,
    entitled,
    sightings: seen('name', { owner, print: `name of ${owner}` }).sightings ?? [],
  });
  const own = { ...seen('name', { owner: 'ada', print: 'name of ada' }), url: `${APP}/home` };
  expect(told(shown('/api/wall', 'eve'))).toBe(0);
  // Not to strangers, nor who stands in no list, nor beside an address, nor what is found by an id.
  expect(told(shown('/api/wall', 'eve', []))).toBe(1);
  expect(told(shown('/api/wall', 'hedy'))).toBe(1);
  expect(told(shown('/notes/17', 'eve'))).toBe(1);
  expect(told({ ...seen('email address', { owner: 'eve' }), url: `${APP}/api/wall` })).toBe(1);
  // Where people are shown their own name, somebody else's in its place is a mix-up.
  expect(told(own, shown('/home', 'eve'))).toBe(1);
  // The frame of all pages names whoever came last.
  const framed = ['/a', '/b', '/c', '/notes/17'].map((path) => shown(path, 'eve'));
  expect(told(...framed)).toBe(0);
});

it('a link that nobody guesses names its owner to whoever holds it', () => {
  const told = (path: string) =>
    (
      outcomeOf(
        'laws/people-apart',
        history({ ...seen('name', { owner: 'eve' }), url: `${APP}${path}`, entitled: [] }),
      ) as { what: string }[]
    ).length;
  expect(told('/proof/0f2f6c1e-93b1-4b7e-8d1c-6a1f6f5f0a11')).toBe(0);
  expect(told('/proof/17')).toBe(1);
  expect(told('/orders/order-2026-0000000000017')).toBe(1);
  expect(told('/by/ada-lovelace-of-the-orchard-17')).toBe(1);
});

it('an invitation says whose it is, to whoever has its link', () => {
  const told = (part: Partial<HistoryExchange>) =>
    (outcomeOf('laws/people-apart', history(part)) as { what: string }[]).length;
  expect(told(named('/join/inv_2G72jzxoPhDL', [], []))).toBe(0);
  expect(told(named('/orders/2G72jzxoPhDL', [], []))).toBe(1);
  expect(told({ ...seen('email address'), url: `${APP}/join/inv_2G72jzxoPhDL`, entitled: [] })).toBe(1);
});

it('a feed whose address is its key, and a link whose signature is looked at, are for whoever holds them', () => {
  const told = (...parts: Partial<HistoryExchange>[]) =>
    (outcomeOf('laws/people-apart', history(...parts)) as { what: string }[]).length;
  const shown = (path: string, type: string) =>
    answer({ 'content-type': type }, { ...seen('email address'), url: `${APP}${path}`, entitled: [] });
  expect(told(shown('/feed/3C_fSXlmgFgeqZu9fG-_woeWr98', 'text/calendar'))).toBe(0);
  expect(told(shown('/feed/3C_fSXlmgFgeqZu9fG-_woeWr98', 'text/html'))).toBe(1);
  expect(told(shown('/feed/4711.ics', 'text/calendar'))).toBe(1);
  const signed = (signature: string) => `/dl/7?exp=99&sig=${signature}`;
  const file = shown(signed('Zk3uQ9vB1nM8xW2pL0aa'), 'text/plain');
  expect(told(file)).toBe(1);
  expect(told(file, { url: `${APP}${signed('aa0Lp2Wx8Mn1Bv9Qu3kZ')}`, status: 403, entitled: [] })).toBe(0);
});

it('a board names those who wrote on it', () => {
  const told = (path: string, body: string, ...more: Partial<HistoryExchange>[]) =>
    (
      outcomeOf(
        'laws/people-apart',
        history(
          ...more,
          {
            method: 'POST',
            url: `${APP}/reviews`,
            status: 303,
            request: { headers: {}, body: 'text=A+book+to+read+again&stars=5' },
          },
          { ...named(path, [], []), response: { headers: {}, body } },
        ),
      ) as { what: string }[]
    ).length;
  expect(told('/reviews', '<li><b>Ada</b> A book to read again</li>')).toBe(0);
  // As markup shows it, and as everybody reads it who was not there when it was sent.
  const marked = '<b>Ada</b> A book &#x74;o read again';
  expect(told('/reviews', marked)).toBe(0);
  // Another page; nothing that she wrote; what she may change herself.
  const refused = { url: `${APP}/orders`, status: 302, entitled: [] };
  expect(told('/orders', '<li><b>Ada</b> A book to read again</li>', refused)).toBe(1);
  expect(told('/latest', '<li><b>Ada</b> A book to read again</li>')).toBe(0);
  expect(told('/reviews', '<li><b>Ada</b></li>')).toBe(1);
  expect(told('/reviews', '<b>Ada</b><textarea name="text">A book to read again</textarea>')).toBe(1);
});

it('procedures that anybody calls name whoever made what they tell', () => {
  const told = (body: string, ...more: Partial<HistoryExchange>[]) =>
    (
      outcomeOf(
        'laws/people-apart',
        history(
          {
            method: 'POST',
            url: `${APP}/api/trpc/item.create?batch=1`,
            request: { headers: {}, body: '{"0":{"json":{"title":"A ladder of three metres"}}}' },
          },
          ...more,
          { ...named('/api/trpc/item.byId', [], []), response: { headers: {}, body } },
        ),
      ) as { what: string }[]
    ).length;
  const item = '{"result":{"data":{"json":{"title":"A ladder of three metres","owner":"Ada"}}}}';
  expect(told(item)).toBe(0);
  expect(told(item, { url: `${APP}/api/trpc/item.byId`, status: 401, entitled: [] })).toBe(1);
  expect(told('{"result":{"data":{"json":{"owner":"Ada"}}}}')).toBe(1);
});

it('conversations name those whom somebody has written to', () => {
  const told = (to: string, body: string, who = ['ada']) =>
    (
      outcomeOf(
        'laws/people-apart',
        history(
          { method: 'POST', url: `${APP}${to}`, status: 303, entitled: who, at: '2026-11-30T10:00:00.000Z' },
          { ...named('/messages', ['eve']), at: '2026-11-30T10:00:01.000Z', response: { headers: {}, body } },
        ),
      ) as { what: string }[]
    ).length;
  const link = '<a href="/messages/eve-17">Eve</a>';
  expect(told('/messages/eve-17', link)).toBe(0);
  // Written to somebody else, by somebody else, or nowhere to be seen.
  expect(told('/messages/eve-17', '<b>Eve</b>')).toBe(1);
  expect(told('/messages/bob-34', link)).toBe(1);
  expect(told('/messages/eve-17', link, ['grace'])).toBe(1);
});

it('an inbox names those who have written to whoever reads it', () => {
  const told = (
    change: Partial<HistoryExchange>,
    text = 'See you at noon',
    ...more: Partial<HistoryExchange>[]
  ) =>
    (
      outcomeOf(
        'laws/people-apart',
        history(
          ...more,
          { ...named('/u/ada-17', ['eve'], []), sightings: seen('name', { print: 'name of ada' }).sightings },
          {
            method: 'POST',
            url: `${APP}/u/ada-17`,
            status: 303,
            entitled: ['eve'],
            at: '2026-11-30T10:00:00.000Z',
            request: { headers: {}, body: 'text=See+you+at+noon' },
            ...change,
          },
          {
            ...named('/messages', ['eve']),
            at: '2026-11-30T10:00:01.000Z',
            response: { headers: {}, body: `<a href="/messages/8e13">Eve</a>: ${text}` },
          },
        ),
      ) as { what: string }[]
    ).length;
  expect(told({})).toBe(0);
  const long = { headers: {}, body: 'text=See+you+at+noon+where+we+met+before+the+old+mill' };
  expect(told({ request: long }, 'See you at noon where we met before …')).toBe(0);
  const body = { headers: {}, body: 'to=ada-17&text=See+you+at+noon' };
  expect(told({ url: `${APP}/messages`, request: body })).toBe(0);
  // What the reader has written to them stands there with their name as well.
  const profile = { ...named('/u/eve-51', ['eve'], ['ada']), at: '2026-11-29T10:00:00.000Z' };
  expect(told({ entitled: ['ada'], url: `${APP}/u/eve-51` }, undefined, profile)).toBe(0);
  // Something else; written by another, to another, or for nobody in particular.
  expect(told({}, 'My diary')).toBe(1);
  expect(told({ entitled: ['grace'] })).toBe(1);
  expect(told({ url: `${APP}/u/hedy-34` })).toBe(1);
  expect(told({ url: `${APP}/notes` })).toBe(1);
});

it('what is found by an id that a list of members names is part of it', () => {
  const told = (...parts: Partial<HistoryExchange>[]) =>
    (outcomeOf('laws/people-apart', history(...parts)) as { what: string }[]).length;
  const feed = {
    ...named('/feed', ['eve', 'grace']),
    response: { headers: {}, body: '{"posts":[{"id":"p7"},{"id":"p8"}]}' },
  };
  const data = (path: string, body: string, entitled = ['ada']) => ({
    ...named(path, ['eve'], entitled),
    response: { headers: {}, body },
  });
  expect(told(feed, data('/posts/p7', '{"id":"p7","text":"tea"}'))).toBe(0);
  // What is private is told by nothing that only names it; a page has no names for what it says.
  expect(told(feed, data('/posts/p7', '{"id":"p7","shipTo":"5 Orchard Lane"}'))).toBe(1);
  expect(told(feed, named('/posts/p7', ['eve']))).toBe(1);
  expect(told(feed, named('/posts/p9', ['eve']))).toBe(1);
  expect(told(feed, { ...seen('name', { owner: 'eve' }), url: `${APP}/posts/p7`, entitled: [] })).toBe(1);
  expect(told(feed, { ...seen('email address', { owner: 'eve' }), url: `${APP}/posts/p7` })).toBe(1);
});

it('a member with a role is shown what another is refused, each time they ask', () => {
  const told = (...parts: Partial<HistoryExchange>[]) =>
    (outcomeOf('laws/people-apart', history(...parts)) as { what: string }[]).length;
  const all = { ...seen('email address', { owner: 'eve' }), url: `${APP}/admin` };
  const refused = (who: string[]) => ({ url: `${APP}/admin`, status: 403, entitled: who });
  expect(told(all)).toBe(1);
  expect(told(all, refused(['eve']))).toBe(0);
  // Who was refused before got past the guard; so did who says something that others do not.
  expect(told(all, refused(['eve']), refused(['ada']))).toBe(1);
  expect(told({ ...all, url: `${APP}/admin?as=admin` }, refused(['eve']))).toBe(1);
  expect(told(all, refused([]))).toBe(1);
});

it('a feed that everybody reads may be kept by caches, with the names of those who wrote', () => {
  const told = (...parts: Partial<HistoryExchange>[]) =>
    (outcomeOf('laws/personal-not-shared', history(...parts)) as { what: string }[]).length;
  const response = { headers: { 'cache-control': 'public, max-age=600' }, body: null };
  const feed = (entitled: string[]) => ({ ...named('/news.rss', ['eve', 'grace'], entitled), response });
  expect(told(feed([]), feed(['ada']))).toBe(0);
  // For members alone; what is told beside a name; the name of whoever reads.
  expect(told(feed(['ada']))).toBeGreaterThan(0);
  const greets = seen('name', { owner: 'hedy', print: 'name of hedy' }).sightings ?? [];
  const greeting = feed(['hedy']);
  expect(told(feed([]), { ...greeting, sightings: [...(greeting.sightings ?? []), ...greets] })).toBe(1);
  const more = { ...feed([]), ...seen('email address', { owner: 'eve' }), url: `${APP}/news.rss` };
  expect(told(feed([]), more)).toBeGreaterThan(0);
  const own = { ...named('/home', [], ['ada']), response };
  expect(told({ ...named('/home', [], []), status: 302 }, own)).toBe(1);
});
