/**
 * Stands beside a command that we started: `watchdog.js <process group> <mark>`. Its input is a pipe that only the starter
 * holds open: the end of it means that the starter is gone, however that came, and the command and its children go, too.
 */
import { endMarked } from './marked-processes.js';

const [group, mark] = process.argv.slice(2);
process.stdin.resume();
process.stdin.on('close', () => {
  try {
    process.kill(-Number(group), 'SIGKILL');
  } catch {
    // already gone
  }
  endMarked(mark);
  process.exit();
});
