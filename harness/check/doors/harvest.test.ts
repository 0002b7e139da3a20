import { describe, expect, it } from 'vitest';
import { encodeForm } from '../../visitor/encode-form.ts';
import { formKey, formsIn } from '../../visitor/forms.ts';
import { filledWith, idsIn, linkedThings, linksIn, mayBeDoor, withIds } from './crawl.ts';
import { actionsIn, actionsInScript, actionsLeftAlone, postableActions, scriptsOf } from './harvest.ts';
import { partsOf, plainTree, stateTreeOf } from './router-state.ts';

const base = new URL('http://localhost:3000/account');
const id = `00${'ab'.repeat(20)}`;
const lab = {
  app: { basePath: '/api/auth' },
  config: { pages: { endSession: '/end', home: '/', protected: [], api: [] } },
} as unknown as Parameters<typeof mayBeDoor>[1];

describe('links', () => {
  it('lead to things where they fill a route', () => {
    const links = [
      '/files/1016',
      '/files/1017?dl=1',
      '/files/1018',
      '/files',
      '/files/1016/share',
      '/account/delete',
    ];
    const found = linkedThings(
      lab,
      links.map((path) => ({ path, page: '/files' })),
      ['/files/:id', '/files', '/account/[what]'].map((path) => ({ path, source: 'app.js' })),
    );
    expect(found.map(({ path }) => path)).toEqual(['/files/1016', '/files/1017?dl=1']);
  });
  it('are those of the same origin that end no session', () => {
    const html =
      '<a href="/orders?x=1">Orders</a><a href="https://other.example/">Out</a><a href="/bye">Sign out</a><a href="#top">Top</a>';
    expect(linksIn(html, base)).toEqual(['/orders?x=1', '/account']);
  });
  it('lead to no file, no endpoint of Auth.js and no end of the session', () => {
    expect(
      ['/orders', '/logo.png', '/api/auth/signin', '/end', '/logout'].map((path) => mayBeDoor(path, lab)),
    ).toEqual([true, false, false, false, false]);
  });
  it('with a parameter are filled with the id of the member', () => {
    expect(['/u/[id]', '/u/:id/x', '/plain'].map((path) => filledWith(path, 'me'))).toEqual([
      '/u/me',
      '/u/me/x',
      '/plain',
    ]);
  });
});

describe('ids', () => {
  it('are members of data by their names, or numbers on a page', () => {
    expect(idsIn('[{"number":1003,"item":"Kettle","ownerId":"k3v9"}]')).toEqual(['1003', 'k3v9']);
    expect(idsIn('<p>Order 1003 of 7</p>')).toEqual(['1003']);
  });
  it('fill routes of the kind that they were shown at', () => {
    const paths = ['/api/orders/:id', '/orders/[number]', '/notes/:id'].map((path) => ({
      path,
      source: 'app.js',
    }));
    const found = withIds({ ...lab, routes: { paths } } as never, new Map([['/api/orders', ['1003']]]));
    expect(found.map(({ path }) => path)).toEqual(['/api/orders/1003', '/orders/1003']);
  });
  it('fill each parameter by the kind before it, and what stands below a thing', () => {
    const paths = ['/api/teams/:id/members', '/teams/[team]/notes/[note]', '/teams/:id/files/:file'].map(
      (path) => ({ path, source: 'app.js' }),
    );
    const ids = new Map([
      ['/api/teams', ['t1', 't2']],
      ['/api/notes', ['n1']],
    ]);
    const found = withIds({ ...lab, routes: { paths } } as never, ids);
    expect(found.map(({ path }) => path)).toEqual([
      '/api/teams/t1/members',
      '/api/teams/t2/members',
      '/teams/t1/notes/n1',
    ]);
  });
});

describe('forms', () => {
  it('are those that post to the app itself', () => {
    const html = `<form method="post" action="/save"><input name="a" value="1"><input type="email" name="m"></form>
      <form action="/search"><input name="q"></form>
      <form method="post" action="/api/auth/signin"></form>
      <form method="post" action="/x"><button>Delete account</button></form>`;
    const [form, ...others] = formsIn(html, base, '/api/auth');
    expect(others).toEqual([]);
    expect(form).toEqual({
      action: '/save',
      fields: { a: '1', m: 'somebody@people.example' },
      multipart: false,
      texts: ['a'],
    });
    expect(form && formKey(form)).toBe('/save a m');
    expect(form && encodeForm(form).body).toBe('a=1&m=somebody%40people.example');
  });
  it('of server actions are the same on whatever page they stand', () => {
    const keyAt = (path: string, action: string, number: number) => {
      const hidden = [
        `<input type="hidden" name="$ACTION_REF_${number}">`,
        `<input type="hidden" name="$ACTION_${number}:0" value="{&quot;id&quot;:&quot;${action}&quot;,&quot;bound&quot;:&quot;$@1&quot;}">`,
      ];
      const html = `<form method="POST">${hidden.join('')}<input name="note"></form>`;
      return formsIn(html, new URL(path, base), '/api/auth').map(formKey);
    };
    expect(keyAt('/', 'a1', 1)).toEqual(keyAt('/account', 'a1', 3));
    expect(keyAt('/account', 'a1', 1)).not.toEqual(keyAt('/account', 'b2', 1));
  });
  it('of server actions are multipart', () => {
    const [form] = formsIn(
      `<form method="post"><input type="hidden" name="$ACTION_ID_${id}"></form>`,
      base,
      '/api/auth',
    );
    expect(form?.multipart).toBe(true);
    expect(form && encodeForm(form).body).toContain(`name="$ACTION_ID_${id}"`);
  });
});

describe('server actions', () => {
  it('are named by hidden fields, data of React and scripts', () => {
    expect(actionsIn(`<input name="$ACTION_ID_${id}"/>`)).toEqual([id]);
    expect(actionsIn(`self.__next_f.push([1,"{\\"id\\":\\"${id}\\",\\"bound\\":null}"])`)).toEqual([id]);
    expect(
      actionsInScript(
        `(0,r.createServerReference)("${id}",r.callServer,void 0,r.findSourceMapURL,"readAll")`,
      ),
    ).toEqual([{ id, name: 'readAll' }]);
  });
  it('that sign out are left alone', () => {
    expect(actionsLeftAlone(`<form><input name="$ACTION_ID_${id}"><button>Sign out</button></form>`)).toEqual(
      [id],
    );
  });
  it('stand in the scripts of a page', () => {
    expect(
      scriptsOf('<script src="/_next/static/chunks/app/page-1.js"></script>"static/chunks/2-a.js"'),
    ).toEqual(['/_next/static/chunks/app/page-1.js', '/_next/static/chunks/2-a.js']);
  });
});

describe('the state tree of a page', () => {
  it('is read from what the page tells its router', () => {
    const tree = [
      '',
      { children: ['(shop)', { children: ['__PAGE__', {}] }] },
      '$undefined',
      '$undefined',
      true,
    ];
    const flight = JSON.stringify(`0:{"b":"x","f":[[${JSON.stringify(tree)},["a]"]]]}`);
    const html = `<script>self.__next_f.push([1,${flight}])</script>`;
    expect(stateTreeOf(html)).toEqual(tree);
    expect(stateTreeOf('<p>Other</p>')).toBeUndefined();
  });
  it('gives the page first, then what is around it', () => {
    expect(partsOf(plainTree('/a'))).toEqual([
      ['', { children: ['a', { children: ['__PAGE__', {}, null, 'refetch'] }] }],
      ['', { children: ['a', { children: ['__PAGE__', {}] }, null, 'refetch'] }],
    ]);
  });
});

describe('a server action that can be posted', () => {
  const bound = `{"id":"${id}","bound":"$@1"}`.replaceAll('"', '&quot;');
  it('comes with what it is bound to, without which it fails', () => {
    const html = `<form action="" encType="multipart/form-data" method="POST"><input type="hidden" name="$ACTION_REF_1"/>
      <input type="hidden" name="$ACTION_1:0" value="${bound}"/><input type="hidden" name="$ACTION_1:1" value="[&quot;x&quot;]"/>
      <button>Sign in</button></form>`;
    const [action] = postableActions(html, base);
    expect(action?.id).toBe(id);
    expect(action?.form?.fields).toEqual({
      $ACTION_REF_1: '',
      '$ACTION_1:0': `{"id":"${id}","bound":"$@1"}`,
      '$ACTION_1:1': '["x"]',
    });
  });
  it('is posted by its id alone when only scripts name it', () => {
    expect(postableActions(`<script>{"id":"${id}"}</script>`, base)).toEqual([{ id }]);
  });
});
