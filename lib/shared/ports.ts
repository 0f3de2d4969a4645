/** The port that Aurora listens on; literal, since the HIPAA pack cannot read a token. */
export const DATABASE_PORT = 5432;

/** The port of the public listener. */
export const PUBLIC_LISTENER_PORT = 443;

/** The port of the listener that shows a new version before it has traffic. */
export const TEST_LISTENER_PORT = 8443;
