import { describe, expect, it } from 'vitest';
import { signInControls } from './sign-in-controls.ts';

const names = (html: string, any = true) => signInControls(html, { any }).map(({ name }) => name);

describe('sign-in controls', () => {
  it.each([
    ['text', '<button>Sign  in <b>now</b></button>', 'Sign in now'],
    ['aria-label before text', '<button aria-label="Sign in with Logto">→</button>', 'Sign in with Logto'],
    [
      'aria-labelledby before aria-label',
      '<p id=a>Log in</p><button aria-label=x aria-labelledby=a>y</button>',
      'Log in',
    ],
    ['alt of a picture inside', '<button><img src="a.svg" alt="Logto"></button>', 'Logto'],
    ['title of an svg inside', '<button><svg><title>Logto</title><path d=""/></svg></button>', 'Logto'],
    ['title attribute', '<button title="Sign in"><svg/></button>', 'Sign in'],
    ['value of an input', "<input type='submit' value='Sign in &amp; go'>", 'Sign in & go'],
    ['what browsers write on a submit input', '<input type=submit>', 'Submit'],
    ['alt of an image input', '<input type="image" alt="Sign in" value="no">', 'Sign in'],
  ])('takes %s for the name', (_, html, name) => expect(names(html)).toEqual([name]));

  it.each([
    ['a picture without alt', '<button><img src="a.svg"></button>'],
    ['an svg without title', '<button><svg viewBox="0 0 1 1"><path d="M0"/></svg></button>'],
    ['what is hidden from people who listen', '<button><span aria-hidden="true">→</span></button>'],
    ['a script inside', '<button><script>1 < 2 && "</b>"</script></button>'],
    ['white space', '<button> &nbsp;\n</button>'],
  ])('finds no name in %s', (_, html) => expect(names(html)).toEqual(['']));

  it('takes the buttons of sign-in forms, and leaves others alone', () => {
    const html = `<button>Menu</button>
      <form action="/search"><input name=q><button>Search</button></form>
      <form action="http://localhost:3000/auth/signin/logto" method="POST"><button type="submit">Logto</button></form>
      <form action="/go"><input type="hidden" name="providerId" value="logto"/><button>Form action</button></form>
      <a href="/api/auth/signin?callbackUrl=/">Link</a><a href="/signing-up">No</a>
      <!-- <a href="/signin">Comment</a> -->`;
    expect(names(html)).toEqual(['Logto', 'Form action', 'Link']);
  });

  it('takes all buttons of a sign-in page that begins by a script, none of another page', () => {
    const html = '<button type="button">Continue</button>';
    expect(names(html)).toEqual(['Continue']);
    expect(names(html, false)).toEqual([]);
  });

  it('does not trip over end tags that nothing opened, and open ones that nothing ends', () => {
    expect(names('</div><p><button>Sign in</p></button><button>Again')).toEqual(['Sign in', 'Again']);
  });
});
