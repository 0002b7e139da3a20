/** The resource whose scopes are those of all organizations (recordings 882, 984). */
export const ORGANIZATIONS_RESOURCE = 'urn:logto:resource:organizations';
