/** Rounds that are not counted: until all sides have compiled what they do, and PostgreSQL knows its tables. */
export const WARM_UP_ROUNDS = 4;
