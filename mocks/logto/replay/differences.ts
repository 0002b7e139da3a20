/** The exchanges that are not the same as recorded, each with the reason why it stays so. */
export const firstDifferences: Record<number, string> = {
  113: 'The body is a stub of the recording rig; ours is a page of our own.',
  525: "Our own page says the same in fewer words, without Logto's artwork.",
};

const OTHER_BUILD =
  "The recorder's own build of the connector lists its metadata in another order, with no logo read in; ours is the package as it is published.";

export const secondDifferences: Record<number, string> = {
  782: OTHER_BUILD,
  783: OTHER_BUILD,
};
