import { describe, expect, it } from 'vitest';
import { issuedIn } from '../issued-in.ts';
import { saidIn, shownIn } from './judge.ts';
import { hiddenIn, isPublic, leakedIn, marksIn, marksOf, personalOf, refuses, textsIn } from './marks.ts';

const person = {
  phone: '+12015550123',
  userId: 'k3v9x2m4p7qa',
  name: 'Ottilie77x1',
  email: 'ottilie77x1@people.example',
};
const personal = personalOf(person);
const isPersonal = (text: string) => issuedIn(text, personal).length > 0;
const answer = (text: string, status = 200, headers: Record<string, string> = {}) => ({
  text,
  status,
  headers,
});
const marks = (first: string, strangers: string[] = [], again = first, path = '/reports') =>
  marksOf({ shown: [first, again], strangers, path, isPersonal });

describe('texts of a body', () => {
  it('are the text nodes of HTML, without scripts and styles', () => {
    expect(textsIn('<style>a{}</style><p>One &amp; two</p><script>var three</script>')).toEqual([
      'One & two',
    ]);
  });
  it('are the values of JSON, also of JSON in a page', () => {
    expect(textsIn('{"a":["x"],"b":{"c":"y"},"n":1}')).toEqual(['x', 'y']);
    expect(textsIn('<script type="application/json">{"props":{"a":"Held back"}}</script>')).toEqual([
      'Held back',
    ]);
  });
});

describe('marks of a door', () => {
  it('are no token against forged requests, which belongs to the browser', () => {
    expect(marks('{"csrf":"b0K9eKlHlSl65qj3sJmvasaDw8YT8twb","x":{"xsrfToken":"77-88-99"}}')).toEqual([]);
  });
  it('are texts that no stranger gets', () => {
    expect(marks('<p>Turnover: 4 711</p><p>Our shop</p>', ['<title>Our shop</title>'])).toEqual([
      'Turnover: 4 711',
    ]);
  });
  it('leave out what changes by itself', () => {
    expect(marks('<p>Visit 1234567</p><p>Turnover</p>', [], '<p>Visit 7654321</p><p>Turnover</p>')).toEqual([
      'Turnover',
    ]);
  });
  it('leave out what the address says, what is short, and words of members', () => {
    expect(marks('<h1>Reports</h1><p>Hi</p><button>Sign out</button>')).toEqual([]);
  });
  it('leave personal data to be told by kind', () => {
    expect(marks('<p>Hello Ottilie77x1, good day</p>')).toEqual([]);
  });
  it('leave out what stands escaped in a stranger’s answer', () => {
    expect(marks('<p>Tom & Jerry Ltd</p>', ['<p>Tom &amp; Jerry Ltd</p>'])).toEqual([]);
  });
});

describe('marks in a body', () => {
  it('are found in JSON with escapes', () => {
    expect(marksIn('{"x":"Caf\\u00e9 of the house"}', ['Café of the house'])).toEqual(['Café of the house']);
  });
  it('are no parts of longer words', () => {
    expect(marksIn('<p>unpremiumed</p>', ['premium'])).toEqual([]);
  });
  it('are chance when one short word of several is met', () => {
    expect(marksIn('<p>member</p>', ['member', 'premium', 'balance'])).toEqual([]);
    expect(marksIn('<p>member premium</p>', ['member', 'premium', 'balance'])).toEqual(['member', 'premium']);
  });
});

describe('what an answer shows', () => {
  const door = { texts: ['Turnover of the quarter'] };
  it('is a text of the door in a page or a redirect', () => {
    for (const status of [200, 307])
      expect(shownIn(answer('<p>Turnover of the quarter</p>', status), door, { personal })).toEqual([
        '"Turnover of the quarter"',
      ]);
  });
  it('is no word on an error page, but a sentence or a figure', () => {
    const words = { texts: ['Our orders', 'Turnover: 4 711'] };
    expect(shownIn(answer('<p>Our orders</p>', 404), words, { personal })).toEqual([]);
    expect(shownIn(answer('<p>Turnover: 4 711</p>', 401), words, { personal })).toEqual([
      '"Turnover: 4 711"',
    ]);
  });
  it('is personal data in any answer, told by kind', () => {
    expect(shownIn(answer('{"phone":"+1 201 555 0123"}', 500), door, { personal })).toEqual([
      'the phone number of the member',
    ]);
    expect(
      shownIn(answer('', 302, { location: '/x?m=ottilie77x1%40people.example' }), door, { personal }),
    ).toEqual(['the email address of the member']);
  });
  it('is not what the request said itself', () => {
    const said = saidIn({ path: '/reports?user=k3v9x2m4p7qa' }, 'sid');
    expect(
      shownIn(answer('', 302, { location: '/in?next=%2Freports%3Fuser%3Dk3v9x2m4p7qa' }), door, {
        personal,
        said,
      }),
    ).toEqual([]);
  });
  it('is not what the request said, as breadcrumbs and titles write it', () => {
    const own = {
      ...door,
      texts: ['K3v9x2m4p7qa', 'Turnover of June'],
      own: ['K3v9x2m4p7qa', 'Autumn offers 12'],
    };
    const said = saidIn({ path: '/users/k3v9x2m4p7qa/autumn-offers_12' }, 'sid');
    const page = answer('<a>K3v9x2m4p7qa</a> <b>Autumn offers 12</b> <p>Turnover of June</p>');
    expect(shownIn(page, own, { personal, said, isMember: true })).toEqual([]);
    expect(shownIn(page, own, { personal, said })).toEqual(['"Turnover of June"']);
    expect(shownIn(page, own, { personal, isMember: true })).toHaveLength(2);
  });
  it('is what somebody is called whom the request names by their address', () => {
    const own = { ...door, own: ['Ottilie77x1'] };
    const said = saidIn({ path: '/?email=ottilie77x1@people.example' }, 'sid');
    expect(shownIn(answer('<b>Ottilie77x1</b>'), own, { personal, said, isMember: true })).toEqual([
      'the name of the member',
      '"Ottilie77x1"',
    ]);
  });
  it('is not what the request said encoded, and the page says again', () => {
    const value = Buffer.from('{"id":"k3v9x2m4p7qa","role":"user"}').toString('base64');
    const said = saidIn({ path: '/', headers: { cookie: `bucket=${encodeURIComponent(value)}` } }, 'sid');
    expect(shownIn(answer(`<body class="bucket ${value}">`), door, { personal, said })).toEqual([]);
    expect(shownIn(answer(`<body class="bucket ${value}">Ottilie77x1`), door, { personal, said })).toEqual([
      'the name of the member',
    ]);
  });
  it('is what a made-up session said', () => {
    const said = saidIn({ path: '/', headers: { cookie: 'sid=Ottilie77x1; other=k3v9x2m4p7qa' } }, 'sid');
    expect(said).not.toContain('Ottilie77x1');
    expect(said).toContain('k3v9x2m4p7qa');
  });
  it('is the other member’s own business when all members see it', () => {
    expect(shownIn(answer('<p>Turnover of the quarter</p>'), door, { personal, isMember: true })).toEqual([]);
  });
});

describe('pages for strangers', () => {
  it('are public when they greet and are the same otherwise', () => {
    expect(
      isPublic(
        '<p>Our shop sells tea</p><p>And coffee</p><p>Hello Ada Lovelace</p>',
        '<p>Our shop sells tea</p><p>And coffee</p>',
      ),
    ).toBe(true);
    expect(isPublic('<p>Turnover: 4 711</p><p>Costs: 815 000</p>', '<p>Please sign in</p>')).toBe(false);
  });
  it('hide figures that only their scripts hold', () => {
    const member = '<p>Turnover: 4 711 300</p>';
    const stranger = '<p>For members</p><script>self.push("Turnover: 4 711 300")</script>';
    expect(hiddenIn([member, member], stranger, [])).toEqual(['Turnover: 4 711 300']);
    expect(hiddenIn([member, member], `${stranger}<p>Turnover: 4 711 300</p>`, [])).toEqual([]);
    // What the address says is said again by the links of its page.
    const page = '<main><h1>Posts</h1><a href="/en/@plz-d82b09/followers">Followers</a></main>';
    const own = page.replace('<main>', '<nav>@plz-d82b09</nav><main>');
    expect(hiddenIn([own, own], page, [], { path: '/en/%40plz-d82b09' })).toEqual([]);
    expect(hiddenIn([own, own], page, [], { path: '/en/feed' })).toEqual(['@plz-d82b09']);
  });
  it('hide sentences in their data, but for the words of a language', () => {
    const member = '<p>The merger is off until May</p>';
    const page = (data: object) =>
      `<p>One moment</p><script id="__NEXT_DATA__" type="application/json">${JSON.stringify(data)}</script>`;
    const text = 'The merger is off until May';
    expect(hiddenIn([member, member], page({ props: { text } }), [])).toEqual([text]);
    expect(hiddenIn([member, member], page({ props: { messages: { text } } }), [])).toEqual([]);
    expect(hiddenIn([member, member], page({ props: { text } }), [], { markup: [text] })).toEqual([]);
    expect(hiddenIn([member, member], page({ props: { text } }), [page({ props: { text } })])).toEqual([]);
  });
  it('send away by status or by what is streamed', () => {
    expect(refuses({ status: 307, text: '' })).toBe(true);
    expect(
      refuses({
        status: 200,
        text: '<meta id="__next-page-redirect" http-equiv="refresh" content="1;url=/in"/>',
      }),
    ).toBe(true);
    expect(refuses({ status: 200, text: '<p>Home</p>' })).toBe(false);
  });
});

describe('what a refusal holds of the page behind it', () => {
  const title = 'Settings – Shop of Everything';
  const page = `<title>${title}</title><h1>Settings</h1><p>Manage account and website settings.</p>`;
  const leaked = (marks: string[], refusal: string, markup: string[] = []) =>
    leakedIn(marks, refusal, { page, others: [], markup });
  it('is no title by its length alone', () => {
    expect(leaked([title], `<title>${title}</title>`)).toEqual([]);
    const telling = 'Invoice of the Hotel Astoria – Shop';
    expect(leakedIn([telling], telling, { page: `<title>${telling}</title>`, others: [] })).toEqual([
      telling,
    ]);
  });
  it('is nothing that is written into a component of the app', () => {
    const text = 'Manage account and website settings.';
    const flight = `self.__next_f.push([1,"[\\"$\\",\\"p\\",null,{\\"children\\":\\"${text}\\"}]"])`;
    expect(leaked([text], flight)).toEqual([text]);
    expect(leaked([text], flight, [text])).toEqual([]);
  });
  it('is every figure, wherever it is written', () => {
    const text = 'Turnover: 4 711 300';
    expect(leaked([text], `<p>${text}</p>`, [text])).toEqual([text]);
  });
});
