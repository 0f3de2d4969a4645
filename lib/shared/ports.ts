/** The port that Aurora listens on; literal, since the HIPAA pack cannot read a token. */
export const DATABASE_PORT = 5432;
