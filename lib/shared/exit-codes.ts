/** Exit code of a tool that was given what it cannot work with: nothing was done, and its words say what it expects. */
export const REFUSED = 2;
