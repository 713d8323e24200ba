/** People who sign in in a round. */
export const A_ROUND = 100;

/** Rounds that are not counted: until all sides have compiled what they do, and PostgreSQL knows its tables. */
export const WARM_UP_ROUNDS = 4;
