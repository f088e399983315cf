/** As the hub's own rule; the hub has the last word on a new password. */
export const leastPassword = 10;
