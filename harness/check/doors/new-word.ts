/** Words that people of a check write. */
let words = 0;

/** A word that stands nowhere yet. */
export const newWord = (): string => {
  words += 1;
  return `Xanthippe${process.pid}w${words}`;
};
