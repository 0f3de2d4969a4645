export { personIdOf, readCredentials, seedDemoUser, type DemoUser } from './demo-user';
export type { Credentials, Directory, Tokens } from './directory';
export { enrolAuthenticator, signIn } from './sign-in';
export { signUpAndSignIn, type OpenDirectory, type SignedUp } from './sign-up';
