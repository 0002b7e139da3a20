/** What a user's profile may hold; other keys are dropped (packages/schemas jsonb-types/users.ts; recordings 958, 959). */
import { z } from 'zod/v3';

const text = z.string();

export const profileGuard = z
  .object({
    familyName: text,
    givenName: text,
    middleName: text,
    nickname: text,
    preferredUsername: text,
    profile: text,
    website: text,
    gender: text,
    birthdate: text,
    zoneinfo: text,
    locale: text,
    address: z
      .object({
        formatted: text,
        streetAddress: text,
        locality: text,
        region: text,
        postalCode: text,
        country: text,
      })
      .partial(),
  })
  .partial();
