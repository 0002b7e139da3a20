/** How messages call whoever asks: "Showed nobody what belongs to a member" would say the opposite of what it means. */
export const namedWho = (who: string): string => (who === 'nobody' ? 'somebody without a session' : who);
