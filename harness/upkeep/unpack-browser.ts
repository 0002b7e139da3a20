/** Before the tests: the browser that comes with the install is unpacked once, not by several test files at a time. */
import { resolveBrowser } from '../lab/browser.ts';

export default async (): Promise<void> => {
  await resolveBrowser();
};
