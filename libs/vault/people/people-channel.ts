/** On which Postgres tells of the subjects whose key is gone, and of `suppressions` that changed. */
export const PEOPLE_CHANNEL = 'trunkline_people';
