/**
 * Session cookies that the harness sealed anew from those of a member: whoever sends one speaks for that member, as with
 * the cookie that the app had given. Laws about people ask for it.
 */
const members = new Map<string, string>();

/**
 * Notes whose session a cookie holds.
 *
 * @param value of the cookie, or of one chunk of it
 * @param phone digits of the member's number, country code first
 */
export const noteResealed = (value: string, phone: string): void => {
  members.set(value, phone);
};

/** Digits of the number of the member whose session the harness put into this cookie. */
export const memberOfResealed = (value: string): string | undefined => members.get(value);
